"""What the page of a new bot shows: how far it has come, read from what is stored."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from socialcube.domain.access.policy import can
from socialcube.domain.access.types import Actor, Permission, Subject
from socialcube.domain.bots.policy import Preset
from socialcube.domain.bots.types import BotView, Tone
from socialcube.domain.commands import queries as commands
from socialcube.domain.commands.types import CommandView
from socialcube.domain.guilds import queries as guilds
from socialcube.domain.guilds.types import GuildView
from socialcube.domain.jobs import queries as jobs
from socialcube.domain.jobs.types import JobKind, JobState
from socialcube.domain.logs import queries as logs
from socialcube.domain.logs.documents import LogFilter
from socialcube.domain.logs.types import CommandLogRecord, Stream
from socialcube.web.pages.states import BotState, describe


class Step(StrEnum):
    """A step of the page."""

    TOKEN = "token"  # noqa: S105 - a step, not a secret
    SIGHT = "sight"
    COMMAND = "command"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address says.

    Attributes:
        preset: what the invitation asks for.
        job_id: of the question what is registered at Discord already.
    """

    step: Step | None
    preset: Preset
    job_id: UUID | None


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """What the runner found at Discord.

    Attributes:
        is_asked: whether somebody asked.
        is_open: whether the answer is still to come.
        names: of commands made elsewhere, None while unknown.
        intents: limited intents that the application is allowed already, None while unknown.
        problem: why there is no answer.
    """

    is_asked: bool = False
    is_open: bool = False
    names: tuple[str, ...] | None = None
    intents: int | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class Progress:
    """A bot that is being made.

    Attributes:
        command: its first command that is live, None before.
        run: the latest run of any command that went well, None before.
        step: which step is unfolded.
    """

    state: BotState
    step: Step
    guilds: list[GuildView]
    command: CommandView | None
    run: CommandLogRecord | None
    elsewhere: Elsewhere
    preset: Preset
    job_id: UUID | None

    @property
    def bot(self) -> BotView:
        """Give the bot itself."""
        return self.state.bot

    @property
    def is_online(self) -> bool:
        """Tell whether the token proved to work."""
        return self.state.words.tone in {Tone.OK, Tone.WARN}


def make_progress(session: Session, actor: Actor, bot: BotView, asked: Asked) -> Progress:
    """Read how far a bot has come, as far as the person may know it."""
    subject = Subject.bot(bot.id)
    command = _find_live(session, bot.id) if can(actor, Permission.COMMAND_VIEW, subject) else None
    return Progress(
        state=describe(session, bot),
        step=asked.step or (Step.COMMAND if command else Step.SIGHT),
        guilds=guilds.list_guilds_of_bot(session, bot.id),
        command=command,
        run=_find_run(session, bot.id) if can(actor, Permission.LOG_VIEW, subject) else None,
        elsewhere=_find_elsewhere(session, bot.id, asked.job_id),
        preset=asked.preset,
        job_id=asked.job_id,
    )


def _find_live(session: Session, bot_id: UUID) -> CommandView | None:
    live = [
        item for item in commands.list_commands(session, bot_id) if item.published_version and item.is_active
    ]
    return max(live, key=lambda item: item.updated_at, default=None)


def _find_run(session: Session, bot_id: UUID) -> CommandLogRecord | None:
    filters = LogFilter(bot_ids=frozenset({bot_id}), outcome="succeeded")
    rows = logs.list_page(session, Stream.COMMANDS, None, 1, filters).rows
    record = rows[0].record if rows else None
    return record if isinstance(record, CommandLogRecord) else None


def _find_elsewhere(session: Session, bot_id: UUID, job_id: UUID | None) -> Elsewhere:
    job = jobs.find_job(session, job_id) if job_id else None
    if job is None or job.bot_id != bot_id or job.kind != JobKind.INSPECT_BOT:
        return Elsewhere()
    names = intents = None
    if job.state is JobState.DONE and job.result is not None:
        found: Any = job.result.get("commands_elsewhere", [])
        names = tuple(sorted(str(item["name"]) for item in found))
        allowed = job.result.get("intents")
        intents = allowed if isinstance(allowed, int) else None
    return Elsewhere(
        is_asked=True, is_open=not job.state.is_end, names=names, intents=intents, problem=job.problem
    )
