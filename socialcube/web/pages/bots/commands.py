"""The Commands tab: the bot's commands, and those made elsewhere."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy.orm import Session

from socialcube.domain.access.types import Permission
from socialcube.domain.commands import queries as commands
from socialcube.domain.commands.types import CommandView
from socialcube.domain.guilds import queries as guilds
from socialcube.domain.jobs import queries as jobs
from socialcube.domain.jobs.types import JobKind, JobState, JobView
from socialcube.web import identity
from socialcube.web.pages.commands.showing.states import Words, say_state


@dataclass(frozen=True, slots=True)
class CommandRow:
    """A command in the list.

    Attributes:
        words: its state.
        where: the server it is published in, or for all.
    """

    command: CommandView
    words: Words
    where: str


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The question which commands somebody else registered for the bot, and its answer.

    Attributes:
        names: the answer, None until it is there.
        problem: why there is none.
    """

    job_id: UUID
    is_open: bool
    names: tuple[str, ...] | None
    problem: str


def list_rows(session: Session, bot_id: UUID) -> list[CommandRow]:
    """List the commands of a bot by name."""
    # What the bot is in is told only to those who may see its servers; the others read the ids.
    may_name = identity.scope(Permission.GUILD_VIEW).allows(bot_id)
    named = guilds.list_guilds_of_bot(session, bot_id) if may_name else ()
    names = {guild.external_id: guild.name for guild in named}
    return [_row(command, names) for command in commands.list_commands(session, bot_id)]


def find_elsewhere(session: Session, bot_id: UUID, job_id: UUID | None) -> Elsewhere | None:
    """Find what became of a question; one about another bot is not there."""
    job = jobs.find_job(session, job_id) if job_id else None
    if job is None or job.bot_id != bot_id or job.kind != JobKind.COMMAND_PLAN:
        return None
    return Elsewhere(job.id, not job.state.is_end, _names(job), job.problem)


def _names(job: JobView) -> tuple[str, ...] | None:
    if job.state is not JobState.DONE or job.result is None:
        return None
    foreign: Any = job.result.get("foreign", [])
    return tuple(sorted(str(item["name"]) for item in foreign))


def _row(command: CommandView, guild_names: Mapping[int, str]) -> CommandRow:
    where = ""
    if command.published_version is not None:
        place = command.guild_id
        where = "All servers" if place is None else f"Only {guild_names.get(place, f'server {place}')}"
    return CommandRow(command, say_state(command, is_numbered=False), where)
