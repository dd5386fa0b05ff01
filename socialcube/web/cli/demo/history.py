"""Makes a plausible past for demo bots, so that lists, charts and figures have something to show."""

import math
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

import click
from flask.cli import with_appcontext
from sqlalchemy.orm import Session

from socialcube.domain.bots.queries import list_bots
from socialcube.domain.bots.types import BotView
from socialcube.domain.commands.queries import list_published
from socialcube.domain.guilds.queries import list_guilds_of_bot
from socialcube.domain.logs.types import CommandLogRecord, ErrorLogRecord, ErrorSource, Outcome
from socialcube.kernel.text import printable
from socialcube.web.context import services

PEOPLE: Final = ("Mara", "Jonas", "Priya", "Elin", "Theo", "Aya", "Rune", "Inês", "Sam", "Bo", "Mei", "Liv")

_SEED: Final = 20
_BUSY_HOUR: Final = 19
_QUIET_SHARE: Final = 0.15
_FAILURE_SHARE: Final = 0.012
_TYPICAL_MS: Final = 90.0
_SPREAD: Final = 0.55
_RUNS_PER_HOUR: Final = 80.0
_PAUSE_AFTER: Final = 2000
_PATIENCE_SECONDS: Final = 30
_FAILURES: Final = (
    (
        "template_error",
        "The text could not be filled in: the option `when` is empty.",
        "steps[0].params.text",
    ),
    ("budget_exceeded", "The command did more than it may in one run.", "steps[1]"),
)


@dataclass(frozen=True, slots=True)
class Stage:
    """Where the past takes place.

    Attributes:
        commands: id, name and version of what the bot answers.
        guilds: the platform's id and the name of each server.
        runs_per_hour: at its busiest.
    """

    bot_id: UUID
    name: str
    commands: Sequence[tuple[UUID, str, int]]
    guilds: Sequence[tuple[int, str]]
    runs_per_hour: float


Record = CommandLogRecord | ErrorLogRecord


def make_history(stage: Stage, until: datetime, hours: int) -> Iterator[Record]:
    """Make the runs of so many hours, the oldest first, and the error of each that failed."""
    chance = random.Random(f"{_SEED} {stage.bot_id}")  # noqa: S311 - a story, not a secret
    moment = until - timedelta(hours=hours)
    while True:
        rate = max(0.5, stage.runs_per_hour * _share_of_day(moment.hour + moment.minute / 60))
        moment += timedelta(seconds=chance.expovariate(rate / 3600))
        if moment >= until:
            return
        yield from _run(stage, moment, chance)


def _share_of_day(hour: float) -> float:
    """Give how busy an hour is, 1 in the evening and little at night."""
    return _QUIET_SHARE + (1 - _QUIET_SHARE) * (1 + math.cos((hour - _BUSY_HOUR) * math.pi / 12)) / 2


def _run(stage: Stage, moment: datetime, chance: random.Random) -> Iterator[Record]:
    command_id, name, version = chance.choice(stage.commands)
    guild_id, guild_name = chance.choice(stage.guilds)
    person = chance.randrange(len(PEOPLE))
    milliseconds = round(chance.lognormvariate(math.log(_TYPICAL_MS), _SPREAD), 1)
    failure = chance.choice(_FAILURES) if chance.random() < _FAILURE_SHARE else None
    code, message, path = failure or ("", "", "")
    run = CommandLogRecord(
        occurred_at=moment,
        bot_id=stage.bot_id,
        command_id=command_id,
        command_name=name,
        version=version,
        guild_id=guild_id,
        guild_name=guild_name,
        user_id=1001 + person,
        user_name=PEOPLE[person],
        outcome=Outcome.FAILED if failure else Outcome.SUCCEEDED,
        error_code=code,
        error_message=message,
        node_path=path,
        duration_ms=milliseconds,
        first_response_ms=round(milliseconds * 0.9, 1),
    )
    yield run
    if failure:
        yield ErrorLogRecord(
            occurred_at=moment,
            bot_id=stage.bot_id,
            source=ErrorSource.COMMAND,
            code=code,
            message=message,
            place=f"/{name} {path}",
            detail="",
            fingerprint=f"demo-{code}-{name}",
            trace_id=str(run.event_id),
        )


@click.command("history")
@click.option("--hours", type=click.IntRange(1, 24 * 7), default=24, show_default=True)
@with_appcontext
def command(hours: int) -> None:
    """Write runs of the last hours for each bot with commands: something for lists and charts to show."""
    parts = services()
    if parts.shared.settings.sandbox is None:
        raise click.ClickException("The demo is for the sandbox only; these settings use another Discord.")
    now = parts.shared.clock.now()
    with parts.shared.reads() as session:
        stages = [stage for bot in list_bots(session) if (stage := _stage_of(session, bot))]
    parts.sink.start()
    for stage in stages:
        count = 0
        for record in make_history(stage, now, hours):
            parts.sink.put(record)
            count += 1
            if count % _PAUSE_AFTER == 0:
                # The sink drops rows rather than wait; a story has time.
                parts.sink.flush(_PATIENCE_SECONDS)
        click.echo(f"{printable(stage.name)}: {count} rows of the last {hours} h.")
    parts.sink.flush(_PATIENCE_SECONDS)


def _stage_of(session: Session, bot: BotView) -> Stage | None:
    """Give where a bot's past takes place, None for one that has no commands or no servers yet."""
    commands = [(found.command_id, found.name, found.version) for found in list_published(session, bot.id)]
    guilds = [(guild.external_id, guild.name) for guild in list_guilds_of_bot(session, bot.id)]
    if not commands or not guilds:
        return None
    return Stage(bot.id, bot.name, commands, guilds, _RUNS_PER_HOUR)
