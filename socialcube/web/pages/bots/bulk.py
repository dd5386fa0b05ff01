"""Wishes for many bots: what is said of them, and how far the change is that a worker makes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from itertools import islice
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from socialcube.domain.bots import queries as bots
from socialcube.domain.bots.policy import estimate_seconds
from socialcube.domain.bots.types import BulkAction, BulkOutcome
from socialcube.domain.jobs import queries as jobs
from socialcube.domain.jobs import service
from socialcube.domain.jobs.types import JobKind, JobState, JobView
from socialcube.web import identity
from socialcube.web.context import services, settings

_WAITS_SECONDS: Final = 600.0
_SECONDS_PER_BOT: Final = 0.6
"""How long a change of many bots may take, its pauses included: five times what it takes when all is well."""

_SHOWN_AFTER: Final = timedelta(minutes=2)
"""How long the list says what came of a change."""

_MOST_REASONS: Final = 3


@dataclass(frozen=True, slots=True)
class Progress:
    """How far a change of many bots is.

    Attributes:
        percent: of the bots that were decided on, None once it has ended.
        tone: class of its colour.
        sentence: what goes on; at the end how many were changed, and why the others were not.
    """

    job_id: UUID
    percent: int | None
    tone: str
    sentence: str


def ask_worker(action: BulkAction, bot_ids: Collection[UUID]) -> None:
    """Let workers do it step by step, so that never all bots are offline."""
    wish = {"action": action.value, "bot_ids": [str(bot_id) for bot_id in bot_ids]}
    seconds = _WAITS_SECONDS + _SECONDS_PER_BOT * len(bot_ids)
    with services().unit_of_work() as uow:
        service.ask(uow, identity.actor(), JobKind.CHANGE_BOTS, wish, ttl_seconds=seconds)
        uow.commit()


def say_wish(action: BulkAction, count: int) -> str:
    """Say what was wished of so many bots, and about how long it takes until the last one is online."""
    told = f"{count} told to {action}"
    if action is BulkAction.STOP:
        return f"{told}."
    seconds = estimate_seconds(count, starts_per_second=settings().fleet.starts_per_second)
    return f"{told}, staggered, about {seconds} s."


def find_progress(session: Session) -> Progress | None:
    """Find the person's latest change of many bots, while it goes on and shortly after."""
    job = jobs.find_latest(session, JobKind.CHANGE_BOTS, asked_by=str(identity.actor()))
    if job is None or (job.finished_at and services().shared.clock.now() - job.finished_at > _SHOWN_AFTER):
        return None
    action, outcome = BulkAction(str(job.payload["action"])), BulkOutcome.from_json(job.result or {})
    if not job.state.is_end:
        return Progress(job.id, job.progress, "busy", say_wish(action, _count(job)))
    if job.state is not JobState.DONE:
        return Progress(job.id, None, "bad", job.problem)
    told = f"{len(outcome.done)} told to {action}"
    if not outcome.refused:
        return Progress(job.id, None, "ok", f"{told}.")
    reasons = _say_reasons(session, outcome.refused)
    return Progress(job.id, None, "warn", f"{told}, {len(outcome.refused)} refused. {reasons}")


def _count(job: JobView) -> int:
    asked = job.payload["bot_ids"]
    return len(asked) if isinstance(asked, list) else 0


def _say_reasons(session: Session, refused: Mapping[UUID, str]) -> str:
    reasons = [f"{_name(session, bot_id)}: {why}" for bot_id, why in islice(refused.items(), _MOST_REASONS)]
    more = len(refused) - len(reasons)
    return " ".join([*reasons, f"And {more} more."] if more else reasons)


def _name(session: Session, bot_id: UUID) -> str:
    bot = bots.find_bot(session, bot_id)
    return bot.name if bot else "A deleted bot"
