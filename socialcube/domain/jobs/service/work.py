"""Writes of jobs. Every moment is the database's; whoever holds the claim is the only one who answers."""

from collections.abc import Collection, Mapping
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement, and_, case, delete, not_, or_, select, update

from socialcube.db.types import now_plus
from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor
from socialcube.domain.jobs.events import JobAsked, JobEnded, JobProgressed
from socialcube.domain.jobs.models import Job
from socialcube.domain.jobs.policy import (
    KEPT_DAYS,
    check_payload,
    fit_data,
    fit_text,
    require_asking,
    require_cancelling,
)
from socialcube.domain.jobs.queries import find_job
from socialcube.domain.jobs.types import CLAIM_SECONDS, MAX_ATTEMPTS, WORKER, JobState, JobView
from socialcube.kernel.ids import new_id

_EXPIRED: Final = "Nobody answered in time."
_GAVE_UP: Final = f"{MAX_ATTEMPTS} processes tried it and ended without an answer."


def ask(  # noqa: PLR0913 - every fact of the job has its own name
    uow: UnitOfWork,
    actor: Actor,
    kind: str,
    payload: Mapping[str, object],
    *,
    target: str = WORKER,
    bot_id: UUID | None = None,
    ttl_seconds: float = 300.0,
) -> UUID:
    """Ask another process for work. The question stands with the asker's own commit.

    Args:
        uow: an open write unit.
        actor: who asks.
        kind: one of `JobKind`.
        payload: the question as JSON.
        target: `worker`, or `fleet:<bot id>` for what only the bot's runner can do.
        bot_id: the bot it concerns.
        ttl_seconds: after this nobody wants the answer any more.

    Raises:
        UnknownJobKindError, JobTooLargeError, ForbiddenError: as they say.
    """
    require_asking(actor, kind, bot_id)
    job_id = new_id()
    uow.session.add(
        Job(
            id=job_id,
            kind=kind,
            target=target,
            payload=check_payload(payload),
            asked_by=str(actor),
            bot_id=bot_id,
            created_at=now_plus(0),
            expires_at=now_plus(ttl_seconds),
        )
    )
    uow.session.flush()
    uow.record(JobAsked(job_id, target, kind))
    return job_id


def claim(
    uow: UnitOfWork, job_id: UUID, claimant: str, *, claim_seconds: float = CLAIM_SECONDS
) -> JobView | None:
    """Take a job, if it is still to be done and nobody else works on it.

    Args:
        uow: an open write unit. Commit it before working: others see the claim only then.
        job_id: the job.
        claimant: who takes it, different for every process.
        claim_seconds: how long the claimant may stay silent before another one takes the job.

    Returns:
        The job, or None: somebody has it, it ended, it expired, or there is none.
    """
    changes = {
        "state": JobState.RUNNING,
        "claimed_by": claimant,
        "attempts": Job.attempts + 1,
        "started_at": now_plus(0),
        "claim_expires_at": now_plus(claim_seconds),
        # What was noted for whoever goes on counts as done.
        "progress": case((Job.result.is_(None), 0), else_=Job.progress),
    }
    # Both databases look at the condition again once they hold the row, so only one claimant changes it.
    if not _change(uow, changes, Job.id == job_id, _is_open()):
        return None
    uow.record(JobProgressed(job_id))
    return find_job(uow.session, job_id)


def report_progress(  # noqa: PLR0913 - each fact of the progress has its own name
    uow: UnitOfWork,
    job_id: UUID,
    claimant: str,
    percent: int,
    *,
    claim_seconds: float = CLAIM_SECONDS,
    so_far: Mapping[str, object] | None = None,
) -> bool:
    """Say how far the work is, which also renews the claim.

    Args:
        uow: an open write unit; what is done must stand in the same commit as the word of it.
        job_id: the job.
        claimant: who holds the claim.
        percent: how far the work is.
        claim_seconds: how long the claimant may stay silent from now on.
        so_far: what is done already, for another one who would have to go on; None leaves what is noted.

    Returns:
        Whether the claim still stands. Who gets False has lost the job and stops.
    """
    changes = {"progress": min(max(percent, 0), 100), "claim_expires_at": now_plus(claim_seconds)}
    if so_far is not None:
        changes["result"] = fit_data(so_far)
    if not _change(uow, changes, *_is_held_by(job_id, claimant)):
        return False
    uow.record(JobProgressed(job_id))
    return True


def put_back(uow: UnitOfWork, job: JobView) -> bool:
    """Let go of a claimed job that needs more time than one claimant has; whoever is free goes on with it.

    What was noted with `report_progress` stays for the next claimant, and this claim counts as no attempt.

    Returns:
        Whether the claim still stood.
    """
    changes = {"claim_expires_at": now_plus(0), "claimed_by": None, "attempts": Job.attempts - 1}
    if not _change(uow, changes, *_is_held_by(job.id, job.claimed_by or "")):
        return False
    uow.record(JobAsked(job.id, job.target, job.kind))
    return True


def finish(uow: UnitOfWork, job_id: UUID, claimant: str, result: Mapping[str, object]) -> bool:
    """Give the answer. A former claimant's answer is ignored.

    Returns:
        Whether it was taken.
    """
    return _end(uow, job_id, claimant, JobState.DONE, {"result": fit_data(result), "progress": 100})


def fail(uow: UnitOfWork, job_id: UUID, claimant: str, problem: str) -> bool:
    """Say in a sentence why there is no answer. A former claimant's word is ignored.

    Returns:
        Whether it was taken.
    """
    return _end(uow, job_id, claimant, JobState.FAILED, {"problem": fit_text(problem)})


def cancel(uow: UnitOfWork, actor: Actor, job_id: UUID) -> bool:
    """Withdraw a question. Who works on it already finds its answer ignored.

    Returns:
        Whether there was something left to withdraw.
    """
    job = find_job(uow.session, job_id)
    if job is None:
        return False
    require_cancelling(actor, job)
    changes = {"state": JobState.CANCELLED, "finished_at": now_plus(0)}
    return _announce_end(uow, job_id, _change(uow, changes, Job.id == job_id, _is_not_ended()))


def mark_sent(uow: UnitOfWork, job_ids: Collection[UUID]) -> None:
    """Note that these were handed to the broker or hinted to the fleet just now."""
    _change(uow, {"sent_at": now_plus(0)}, Job.id.in_(job_ids))


def expire_overdue(uow: UnitOfWork) -> int:
    """End what nobody answered in time, and what ended every claimant. Gives how many jobs that were."""
    overdue = Job.expires_at <= now_plus(0)
    hopeless = and_(
        Job.state == JobState.RUNNING, Job.attempts >= MAX_ATTEMPTS, Job.claim_expires_at <= now_plus(0)
    )
    return _end_all(uow, overdue, JobState.EXPIRED, _EXPIRED) + _end_all(
        uow, hopeless, JobState.FAILED, _GAVE_UP
    )


def delete_ended(uow: UnitOfWork, *, older_than_days: int = KEPT_DAYS) -> int:
    """Delete the jobs that ended so many days ago, with their answers. Gives how many jobs that were."""
    seconds = timedelta(days=older_than_days).total_seconds()
    statement = delete(Job).where(not_(_is_not_ended()), Job.finished_at < now_plus(-seconds))
    return uow.session.connection().execute(statement).rowcount


def _end(uow: UnitOfWork, job_id: UUID, claimant: str, state: JobState, changes: dict[str, Any]) -> bool:
    changed = _change(
        uow, {"state": state, "finished_at": now_plus(0), **changes}, *_is_held_by(job_id, claimant)
    )
    return _announce_end(uow, job_id, changed)


def _end_all(uow: UnitOfWork, condition: ColumnElement[bool], state: JobState, problem: str) -> int:
    job_ids = uow.session.scalars(
        select(Job.id).where(condition, _is_not_ended()).with_for_update(skip_locked=True)
    ).all()
    _change(uow, {"state": state, "problem": problem, "finished_at": now_plus(0)}, Job.id.in_(job_ids))
    for job_id in job_ids:
        uow.record(JobEnded(job_id))
    return len(job_ids)


def _announce_end(uow: UnitOfWork, job_id: UUID, changed: int) -> bool:
    if changed:
        uow.record(JobEnded(job_id))
    return changed == 1


def _change(uow: UnitOfWork, changes: dict[str, Any], *conditions: ColumnElement[bool]) -> int:
    statement = update(Job).where(*conditions).values(changes).execution_options(synchronize_session=False)
    return uow.session.connection().execute(statement).rowcount


def _is_open() -> ColumnElement[bool]:
    stale = and_(Job.state == JobState.RUNNING, Job.claim_expires_at <= now_plus(0))
    return and_(
        Job.expires_at > now_plus(0),
        Job.attempts < MAX_ATTEMPTS,
        or_(Job.state == JobState.QUEUED, stale),
    )


def _is_held_by(job_id: UUID, claimant: str) -> tuple[ColumnElement[bool], ...]:
    return Job.id == job_id, Job.state == JobState.RUNNING, Job.claimed_by == claimant


def _is_not_ended() -> ColumnElement[bool]:
    return Job.state.in_([JobState.QUEUED, JobState.RUNNING])
