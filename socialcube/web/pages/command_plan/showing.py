"""What the page of the plan shows: changes by place, and how far a question or a change is."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from uuid import UUID

from sqlalchemy.orm import Session

from socialcube.domain.access.types import Permission
from socialcube.domain.guilds import queries as guilds
from socialcube.domain.jobs import queries as jobs
from socialcube.domain.jobs.types import JobKind, JobState, JobView
from socialcube.web import identity

_KINDS: Final = ("create", "update", "delete", "refused", "kept", "foreign", "unchanged")
_FOREIGN_KINDS: Final = {1: "slash command", 2: "command on people", 3: "command on messages"}


@dataclass(frozen=True, slots=True)
class PlacePlan:
    """The part of a plan that is about one place.

    Attributes:
        name: of the server, or words for everywhere.
        items: by what happens to them, as `CommandPlan.to_json` gave them.
        creates_left: commands that may still be created there today, None when nothing is published there.
    """

    name: str
    items: Mapping[str, list[Mapping[str, Any]]] = field(default_factory=dict)
    creates_left: int | None = None

    @property
    def steps(self) -> int:
        """Count what there is to do."""
        return sum(len(self.of(kind)) for kind in ("create", "update", "delete"))

    def of(self, kind: str) -> list[Mapping[str, Any]]:
        """Give the commands to which the same happens."""
        return self.items.get(kind, [])


@dataclass(frozen=True, slots=True)
class Question:
    """A question to the runner, or a wish that it changes something, and what became of it.

    Attributes:
        is_change: whether it was to change something, rather than to look.
        result: what was done by a change, once it is over.
        problem: why there is no answer.
    """

    job_id: UUID
    is_open: bool
    is_change: bool
    progress: int
    result: Mapping[str, Any] | None
    problem: str


def find_question(session: Session, bot_id: UUID, job_id: UUID | None) -> Question | None:
    """Find a question about this bot's plan; another job is not there."""
    job = jobs.find_job(session, job_id) if job_id else None
    if job is None or job.bot_id != bot_id or job.kind not in {JobKind.COMMAND_PLAN, JobKind.APPLY_PLAN}:
        return None
    return _question(job)


def group_by_place(session: Session, bot_id: UUID, plan: Mapping[str, Any]) -> list[PlacePlan]:
    """Divide a plan by place: all servers first, then single servers by name.

    Args:
        session: any open session.
        bot_id: the bot.
        plan: as `CommandPlan.to_json` gave it.
    """
    # What the bot is in is told only to those who may see its servers; the others read the ids.
    named = guilds.list_guilds_of_bot(session, bot_id) if _may_name(bot_id) else ()
    names = {str(guild.external_id): guild.name for guild in named}
    left = {entry["guild_id"]: entry["left"] for entry in plan.get("creates_left", ())}
    items: dict[str | None, dict[str, list[Mapping[str, Any]]]] = {place: {} for place in left}
    for kind in _KINDS:
        for item in plan.get(kind, ()):
            items.setdefault(item["guild_id"], {}).setdefault(kind, []).append(_worded(item))
    places = [
        PlacePlan(_name(place, names), found, left.get(place)) for place, found in items.items() if place
    ]
    everywhere = PlacePlan("All servers", items.get(None, {}), left.get(None))
    return [everywhere, *sorted(places, key=lambda place: place.name.casefold())]


def _question(job: JobView) -> Question:
    return Question(
        job_id=job.id,
        is_open=not job.state.is_end,
        is_change=job.kind == JobKind.APPLY_PLAN,
        progress=job.progress,
        result=job.result if job.state is JobState.DONE else None,
        problem=job.problem,
    )


def _may_name(bot_id: UUID) -> bool:
    return identity.scope(Permission.GUILD_VIEW).allows(bot_id)


def _name(place: str, names: Mapping[str, str]) -> str:
    return f"Only in {names.get(place, f'server {place}')}"


def _worded(item: Mapping[str, Any]) -> Mapping[str, Any]:
    """Say what kind a foreign command is; people use other kinds than slash commands from a menu."""
    return {**item, "what": _FOREIGN_KINDS.get(item["kind"], "command")} if "kind" in item else item
