"""`flask commands …`: bring commands in as files, publish them, try them."""

from pathlib import Path
from typing import Any, Final
from uuid import UUID

import click

from socialcube.domain.bots import queries as bots
from socialcube.domain.commands import documents, queries, service
from socialcube.domain.commands.errors import CommandsInvalidError, say
from socialcube.domain.jobs import service as jobs
from socialcube.domain.jobs.types import WORKER, JobKind, fleet_target
from socialcube.domain.logs.types import Outcome
from socialcube.web.cli.groups import PlainGroup, actor
from socialcube.web.cli.output import print_json, print_table
from socialcube.web.cli.reports import print_applied, print_plan, print_trial
from socialcube.web.cli.waiting import NO_RUNNER, wait_for_job
from socialcube.web.context import services

group: Final = PlainGroup("commands", help="Bring commands in as files, publish them, try them.")

_PLAN_SECONDS: Final = 20.0
_APPLY_SECONDS: Final = 900.0
_TRIAL_SECONDS: Final = 40.0
_NO_WORKER: Final = "No worker answered. Start one: celery -A celery_worker worker"
SNOWFLAKE: Final = click.IntRange(1, 2**63 - 1)
"""A Discord id. They have 64 bits, of which the first stays 0 until the year 2084."""

_MAX_FILE_BYTES: Final = 1024 * 1024


@group.command("import")
@click.argument("bot")
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--publish", "is_published", is_flag=True, help="Publish what came in, for all servers.")
def import_(bot: str, file: Path, *, is_published: bool) -> None:
    """Bring the commands of a YAML file in as drafts of a bot. What is live stays as it is."""
    bot_id = get_bot_id(bot)
    try:
        with file.open("rb") as source:
            commands = documents.parse_yaml(source.read(_MAX_FILE_BYTES))
    except CommandsInvalidError as error:
        raise click.ClickException(_list_problems(file, error)) from error
    with services().unit_of_work() as uow:
        outcome = service.import_commands(uow, actor(), bot_id, commands)
        published = [
            (command.name, service.publish(uow, actor(), bot_id, command.name, note=f"from {file.name}"))
            for command in commands
            if is_published
        ]
        uow.commit()
    for word in ("created", "updated", "unchanged"):
        names = getattr(outcome, word)
        if names:
            click.echo(f"{word}: {', '.join(names)}")
    _say_published(published)


@group.command("export")
@click.argument("bot")
def export(bot: str) -> None:
    """Print the drafts of a bot's commands as YAML that `import` takes."""
    bot_id = get_bot_id(bot)
    with services().shared.reads() as session:
        drafts = [
            queries.get_draft(session, bot_id, command.name).document
            for command in queries.list_commands(session, bot_id)
        ]
    checked = map(documents.CommandDocument.model_validate, drafts)
    click.echo(documents.to_yaml(checked), nl=False)


@group.command("publish")
@click.argument("bot")
@click.argument("names", nargs=-1)
@click.option("--guild", type=SNOWFLAKE, help="Publish in this one server only, by its Discord id.")
@click.option("--note", default="", help="Why, for the history.")
def publish(bot: str, names: tuple[str, ...], guild: int | None, note: str) -> None:
    """Make drafts live: the named ones, or all that differ from what is live."""
    bot_id = get_bot_id(bot)
    with services().unit_of_work() as uow:
        wanted = names or [
            command.name for command in queries.list_commands(uow.session, bot_id) if command.has_draft
        ]
        published = [
            (name, service.publish(uow, actor(), bot_id, name, note=note, guild_id=guild)) for name in wanted
        ]
        uow.commit()
    _say_published(published)
    if not published:
        click.echo("Nothing to publish: every command is live as it is.")


@group.command("list")
@click.argument("bot")
@click.option("--json", "as_json", is_flag=True, help="One JSON object a line, for programs.")
def list_(bot: str, *, as_json: bool) -> None:
    """List a bot's commands: what is live, what is a draft."""
    bot_id = get_bot_id(bot)
    with services().shared.reads() as session:
        commands = queries.list_commands(session, bot_id)
    rows = [
        {
            "name": command.name,
            "state": command.state,
            "version": command.published_version or "",
            "server": command.guild_id or "all",
            "description": command.description,
        }
        for command in commands
    ]
    if as_json:
        for command, row in zip(commands, rows, strict=True):
            print_json({"id": command.id} | row)
    elif rows:
        print_table([key.upper() for key in rows[0]], [list(row.values()) for row in rows])
    else:
        click.echo("This bot has no commands yet. Bring some in: flask --app wsgi commands import BOT FILE")


@group.command("plan")
@click.argument("bot")
@click.option("--apply", "is_applied", is_flag=True, help="Ask whether to do it, then do it.")
@click.option("--yes", is_flag=True, help="With --apply: do it without asking.")
def plan(bot: str, *, is_applied: bool, yes: bool) -> None:
    """Show what its runner would create, change and delete at Discord, and what was made elsewhere."""
    bot_id = get_bot_id(bot)
    job_id = _ask(JobKind.COMMAND_PLAN, {}, target=fleet_target(bot_id), bot_id=bot_id, seconds=_PLAN_SECONDS)
    found = wait_for_job(job_id, seconds=_PLAN_SECONDS, nobody=NO_RUNNER).result or {}
    print_plan(found)
    is_work = any(found.get(key) for key in ("create", "update", "delete"))
    if is_applied and is_work and (yes or click.confirm("Do this at Discord now?")):
        _apply(bot_id, str(found["seen"]))


def _apply(bot_id: UUID, seen: str) -> None:
    """Let the runner do what was shown, and end with code 1 when something of it did not work."""
    with services().unit_of_work() as uow:
        job_id = service.ask_apply(uow, actor(), bot_id, seen)
        uow.commit()
    outcome = wait_for_job(job_id, seconds=_APPLY_SECONDS, nobody=NO_RUNNER).result or {}
    print_applied(outcome)
    if outcome.get("problems"):
        raise click.exceptions.Exit(1)


@group.command("try")
@click.argument("bot")
@click.argument("name")
@click.argument("values", nargs=-1, metavar="[OPTION=VALUE]...")
@click.option("--json", "as_json", is_flag=True, help="The whole answer as JSON.")
def try_(bot: str, name: str, values: tuple[str, ...], *, as_json: bool) -> None:
    """Run the draft of a command without sending anything: shows each step and what would be sent.

    A user, channel or role is given as its Discord id. The exit code is 1 unless the run succeeds.
    """
    bot_id = get_bot_id(bot)
    payload = {"bot_id": str(bot_id), "command": name, "options": _parse_pairs(values)}
    job_id = _ask(JobKind.DRY_RUN, payload, target=WORKER, bot_id=bot_id, seconds=_TRIAL_SECONDS)
    result = wait_for_job(job_id, seconds=_TRIAL_SECONDS, nobody=_NO_WORKER).result or {}
    if as_json:
        print_json(result)
    else:
        print_trial(result)
    if result.get("outcome") != Outcome.SUCCEEDED:
        raise click.exceptions.Exit(1)


def get_bot_id(ref: str) -> UUID:
    """Find a bot by name or id.

    Raises:
        BotNotFoundError: there is none.
    """
    with services().shared.reads() as session:
        return bots.get_bot(session, ref).id


def _ask(kind: JobKind, payload: dict[str, Any], *, target: str, bot_id: UUID, seconds: float) -> UUID:
    with services().unit_of_work() as uow:
        job_id = jobs.ask(uow, actor(), kind, payload, target=target, bot_id=bot_id, ttl_seconds=seconds)
        uow.commit()
    return job_id


def _parse_pairs(values: tuple[str, ...]) -> dict[str, str]:
    pairs = [value.partition("=") for value in values]
    for name, found, _ in pairs:
        if not found or not name:
            raise click.UsageError(f"Write options as NAME=VALUE; this is not: {name}")
    return {name: value for name, _, value in pairs}


def _list_problems(file: Path, error: CommandsInvalidError) -> str:
    lines = [f"{file} was not taken in:", *(f"  {say(problem)}" for problem in error.problems)]
    return "\n".join(lines)


def _say_published(published: list[tuple[str, int]]) -> None:
    for name, version in published:
        click.echo(f"/{name} is live as version {version}.")
