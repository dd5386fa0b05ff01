"""`flask bots …`: add bots, start and stop them, see how they are."""

from typing import Any, Final
from uuid import UUID

import click
from sqlalchemy.orm import Session

from socialcube.domain.bots import policy, queries, service
from socialcube.domain.bots.types import BotView, DesiredState, StateWords
from socialcube.domain.commands import queries as commands
from socialcube.domain.jobs import service as jobs
from socialcube.domain.jobs.types import JobKind, fleet_target
from socialcube.domain.placements import queries as placements
from socialcube.web.cli.groups import PlainGroup, actor
from socialcube.web.cli.output import print_json, print_table
from socialcube.web.cli.tokens import read_token
from socialcube.web.cli.waiting import NO_RUNNER, wait_for_job, wait_until_online
from socialcube.web.context import services, settings

group: Final = PlainGroup("bots", help="Add bots, start and stop them, see how they are.")

_REFRESH_SECONDS: Final = 20.0
_COLUMNS: Final = ("name", "state", "servers", "commands", "why")


@group.command("create")
@click.option("--name", help="What to call it here. Without it, Discord's name.")
@click.option("--description", help="A note for people. Without it, Discord's description.")
@click.option("--start", is_flag=True, help="Start it and wait until it is online.")
@click.option("--afresh", is_flag=True, help="Begin with nothing, even if it was deleted here before.")
def create(name: str | None, description: str | None, *, start: bool, afresh: bool) -> None:
    """Add a bot. Its token is read from standard input, or asked for without showing it.

    Discord is asked whether the token is good. It is stored so that only the bot runner can read it. A bot
    that was deleted here in the last 30 days comes back with its commands and settings.
    """
    parts = services()
    token = read_token()
    identity = parts.directory.identify(token)
    with parts.unit_of_work() as uow:
        bot_id = service.create_bot(
            uow,
            actor(),
            parts.sealer,
            identity=identity,
            token=token,
            name=name,
            description=description,
            afresh=afresh,
        )
        uow.commit()
    bot = _get(bot_id)
    click.echo(f"{bot.name} is here. It is in {_servers(identity.guild_count)}.")
    if start:
        _wish(bot_id, DesiredState.RUNNING)
        wait_until_online(bot_id)


@group.command("list")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for programs.")
def list_(*, as_json: bool) -> None:
    """List all bots: how each is, why, and how many servers and live commands it has."""
    with services().shared.reads() as session:
        runners = placements.list_living_runners(session, within=settings().fleet.lease_seconds)
        living = {runner.id for runner in runners}
        rows = [_describe(session, bot, living) for bot in queries.list_bots(session)]
    if as_json:
        for row in rows:
            print_json(row)
    elif rows:
        print_table([key.upper() for key in _COLUMNS], [[row[key] for key in _COLUMNS] for row in rows])
    else:
        click.echo("There are no bots yet. Add one: flask --app wsgi bots create --start")


@group.command("start")
@click.argument("names", nargs=-1, required=True)
def start(names: tuple[str, ...]) -> None:
    """Start bots, by name or id. One that was stopped for a fault is tried again."""
    for bot in map(_get, names):
        _wish(bot.id, DesiredState.RUNNING)
        click.echo(f"{bot.name} will start.")


@group.command("stop")
@click.argument("names", nargs=-1, required=True)
def stop(names: tuple[str, ...]) -> None:
    """Stop bots, by name or id. What they are doing is finished first."""
    for bot in map(_get, names):
        _wish(bot.id, DesiredState.STOPPED)
        click.echo(f"{bot.name} will stop.")


@group.command("restart")
@click.argument("names", nargs=-1, required=True)
def restart(names: tuple[str, ...]) -> None:
    """Let bots connect afresh, by name or id. Each restart spends one of Discord's daily starts."""
    for bot in map(_get, names):
        with services().unit_of_work() as uow:
            service.restart_bot(uow, actor(), bot.id)
            uow.commit()
        click.echo(f"{bot.name} will connect afresh.")


@group.command("refresh")
@click.argument("name")
def refresh(name: str) -> None:
    """Let a bot's runner read its servers again, and look whether its commands are as published."""
    bot = _get(name)
    with services().unit_of_work() as uow:
        job_id = jobs.ask(
            uow,
            actor(),
            JobKind.REFRESH_BOT,
            {},
            target=fleet_target(bot.id),
            bot_id=bot.id,
            ttl_seconds=_REFRESH_SECONDS,
        )
        uow.commit()
    result = wait_for_job(job_id, seconds=_REFRESH_SECONDS, nobody=NO_RUNNER).result or {}
    click.echo(f"{bot.name} looks again. It is in {_servers(result.get('guilds'))}.")


@group.command("token")
@click.argument("name")
def token(name: str) -> None:
    """Give a bot a new token of the same Discord application, read as `create` reads it."""
    parts, bot, new = services(), _get(name), read_token()
    identity = parts.directory.identify(new)
    with parts.unit_of_work() as uow:
        service.replace_token(uow, actor(), parts.sealer, bot.id, identity=identity, token=new)
        uow.commit()
    click.echo(f"{bot.name} has its new token.")


@group.command("delete")
@click.argument("name")
@click.option("--confirm", metavar="NAME", help="The bot's name again, instead of being asked for it.")
def delete(name: str, confirm: str | None) -> None:
    """Take a bot away and destroy its token. The rest can be restored for 30 days: `bots restore`.

    A bot that runs takes its commands away from Discord first; one that is stopped leaves them there.
    """
    bot = _get(name)
    typed = confirm if confirm is not None else click.prompt(f"Type {bot.name} to delete it")
    if typed != bot.name:
        raise click.ClickException("That is not its name. Nothing was changed.")
    with services().unit_of_work() as uow:
        service.delete_bot(uow, actor(), bot.id)
        uow.commit()
    click.echo(f"{bot.name} is deleted, and its token destroyed. `bots restore` brings the rest back.")


def _get(ref: UUID | str) -> BotView:
    with services().shared.reads() as session:
        return queries.get_bot(session, ref)


def _wish(bot_id: UUID, state: DesiredState) -> None:
    with services().unit_of_work() as uow:
        service.set_desired_state(uow, actor(), bot_id, state)
        uow.commit()


def _describe(session: Session, bot: BotView, living: set[UUID]) -> dict[str, Any]:
    words = policy.describe(bot.desired_state, bot.state, has_runner=bot.state.runner_id in living)
    return {
        "id": str(bot.id),
        "name": bot.name,
        "state": words.word,
        "servers": _count(bot.state.guild_count),
        "commands": len(commands.list_published(session, bot.id)),
        "why": _why(words),
    }


def _why(words: StateWords) -> str:
    return f"{words.sentence} {words.remedy}".strip()


def _servers(number: object) -> str:
    return f"{_count(number)} {'server' if number == 1 else 'servers'}"


def _count(number: object) -> object:
    return "?" if number is None else number
