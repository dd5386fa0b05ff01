"""More of `flask commands …`: what changes what is live without a new draft."""

from typing import Final

import click

from socialcube.domain.commands import queries, service
from socialcube.web.cli.commands import get_bot_id, group
from socialcube.web.cli.groups import actor
from socialcube.web.cli.output import print_json, print_table
from socialcube.web.context import services

__all__ = ["group"]

_NUMBER: Final = click.IntRange(1, 2**31 - 1)


@group.command("on")
@click.argument("bot")
@click.argument("names", nargs=-1, required=True)
def on(bot: str, names: tuple[str, ...]) -> None:
    """Switch commands on: their live versions can be used again."""
    _switch(bot, names, active=True)


@group.command("off")
@click.argument("bot")
@click.argument("names", nargs=-1, required=True)
def off(bot: str, names: tuple[str, ...]) -> None:
    """Switch commands off: they leave Discord, their drafts and versions stay."""
    _switch(bot, names, active=False)


@group.command("history")
@click.argument("bot")
@click.argument("name")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for programs.")
def history(bot: str, name: str, *, as_json: bool) -> None:
    """List the versions of a command, the newest first: who published each, and why."""
    bot_id = get_bot_id(bot)
    with services().shared.reads() as session:
        live = queries.get_command(session, bot_id, name).published_version
        rows = [
            {
                "version": version.number,
                "live": "live" if version.number == live else "",
                "published": version.published_at.isoformat(timespec="seconds"),
                "by": version.published_by,
                "note": version.note,
            }
            for version in queries.list_versions(session, bot_id, name)
        ]
    if as_json:
        for row in rows:
            print_json(row)
    elif rows:
        print_table([key.upper() for key in rows[0]], [list(row.values()) for row in rows])
    else:
        click.echo(f"/{name} was never published.")


@group.command("rollback")
@click.argument("bot")
@click.argument("name")
@click.argument("version", type=_NUMBER)
def rollback(bot: str, name: str, version: int) -> None:
    """Make an earlier version live again. `commands history` lists them; the draft stays as it is."""
    bot_id = get_bot_id(bot)
    with services().unit_of_work() as uow:
        service.roll_back(uow, actor(), bot_id, name, version)
        is_active = queries.get_command(uow.session, bot_id, name).is_active
        uow.commit()
    click.echo(f"/{name} is live as version {version}." if is_active else _say_off(name, version))


@group.command("delete")
@click.argument("bot")
@click.argument("name")
@click.option("--confirm", metavar="NAME", help="The command's name again, instead of being asked for it.")
def delete(bot: str, name: str, confirm: str | None) -> None:
    """Take a command away with its draft and all its versions."""
    bot_id = get_bot_id(bot)
    with services().shared.reads() as session:
        queries.get_command(session, bot_id, name)
    typed = confirm if confirm is not None else click.prompt(f"Type {name} to delete it")
    if typed != name:
        raise click.ClickException("That is not its name. Nothing was changed.")
    with services().unit_of_work() as uow:
        service.delete_command(uow, actor(), bot_id, name)
        uow.commit()
    click.echo(f"/{name} is gone.")


def _switch(bot: str, names: tuple[str, ...], *, active: bool) -> None:
    """Switch all of them, or none when one of them cannot be."""
    bot_id = get_bot_id(bot)
    with services().unit_of_work() as uow:
        for name in names:
            service.set_active(uow, actor(), bot_id, name, active=active)
        uow.commit()
    for name in names:
        click.echo(f"/{name} is {'on' if active else 'off'}.")


def _say_off(name: str, version: int) -> str:
    return f"/{name} has version {version} again, and is off. Switch it on to make it live."
