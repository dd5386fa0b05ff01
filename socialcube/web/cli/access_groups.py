"""`flask users groups …`: bots on which roles are given together."""

from typing import Final
from uuid import UUID

import click
from sqlalchemy.orm import Session

from socialcube.domain.accounts import queries, service
from socialcube.domain.accounts.types import GroupView, Place
from socialcube.domain.bots import queries as bots
from socialcube.kernel.text import printable
from socialcube.web.cli.groups import PlainGroup, actor
from socialcube.web.cli.output import print_json, print_table
from socialcube.web.cli.places import PlaceNames
from socialcube.web.context import services

group: Final = PlainGroup("groups", help="Put bots into groups, on which roles are given together.")

_name: Final = click.argument("name")
_bots: Final = click.argument("bot_refs", nargs=-1, required=True, metavar="BOT…")


@group.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for programs.")
def list_(*, as_json: bool) -> None:
    """List the groups and their bots."""
    with services().shared.reads() as session:
        names = PlaceNames(session)
        rows = [
            {
                "id": str(found.id),
                "name": found.name,
                "bots": ", ".join(sorted(names.name(Place(bot_id)) for bot_id in found.bot_ids)) or "none",
            }
            for found in queries.list_groups(session)
        ]
    if as_json:
        for row in rows:
            print_json(row)
    elif rows:
        print_table([key.upper() for key in rows[0]], [list(row.values()) for row in rows])
    else:
        click.echo("There are no groups yet. Make one: flask --app wsgi users groups create NAME [BOT…]")


@group.command("create")
@_name
@click.argument("bot_refs", nargs=-1, metavar="[BOT…]")
@click.option("--description", default="", help="What the bots have in common.")
def create(name: str, bot_refs: tuple[str, ...], description: str) -> None:
    """Make a group, with some bots in it or none yet."""
    with services().unit_of_work() as uow:
        ids = _find_bots(uow.session, bot_refs)
        service.create_group(uow, actor(), name=name, description=description, bot_ids=ids)
        uow.commit()
    click.echo(f"{printable(name)} has {_count(len(ids))}.")


@group.command("add")
@_name
@_bots
def add(name: str, bot_refs: tuple[str, ...]) -> None:
    """Put bots into a group: whoever has a role on it has it on them from now on."""
    _change(name, bot_refs, joins=True)


@group.command("remove")
@_name
@_bots
def remove(name: str, bot_refs: tuple[str, ...]) -> None:
    """Take bots out of a group, and from whoever had a role on them by it."""
    _change(name, bot_refs, joins=False)


@group.command("delete")
@_name
def delete(name: str) -> None:
    """Delete a group on which nobody has a role. Its bots stay."""
    with services().unit_of_work() as uow:
        service.delete_group(uow, actor(), queries.get_group(uow.session, name).id)
        uow.commit()
    click.echo(f"{printable(name)} is deleted.")


def _change(name: str, bot_refs: tuple[str, ...], *, joins: bool) -> None:
    with services().unit_of_work() as uow:
        found = queries.get_group(uow.session, name)
        ids = _find_bots(uow.session, bot_refs)
        living = _living(uow.session, found)
        wanted = living | ids if joins else living - ids
        service.edit_group(
            uow,
            actor(),
            found.id,
            version=found.version,
            name=found.name,
            description=found.description,
            bot_ids=wanted,
        )
        uow.commit()
    click.echo(f"{printable(found.name)} has {_count(len(wanted))} now.")


def _find_bots(session: Session, refs: tuple[str, ...]) -> frozenset[UUID]:
    return frozenset(bots.get_bot(session, ref).id for ref in refs)


def _living(session: Session, found: GroupView) -> frozenset[UUID]:
    return frozenset(bot.id for bot in bots.list_bots(session) if bot.id in found.bot_ids)


def _count(number: int) -> str:
    return "1 bot" if number == 1 else f"{number} bots"
