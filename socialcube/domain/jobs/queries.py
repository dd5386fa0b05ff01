"""Reads of jobs."""

from collections.abc import Collection, Iterator
from uuid import UUID

from sqlalchemy import and_, or_, select, true
from sqlalchemy.orm import Session

from socialcube.db.types import now_plus
from socialcube.domain.jobs.errors import JobNotFoundError
from socialcube.domain.jobs.models import Job, JobFile
from socialcube.domain.jobs.types import MAX_ATTEMPTS, JobState, JobView, UnsentJob


def find_job(session: Session, job_id: UUID) -> JobView | None:
    """Find a job by its key."""
    job = session.get(Job, job_id, populate_existing=True)
    return None if job is None else _to_view(job)


def get_job(session: Session, job_id: UUID) -> JobView:
    """Get a job by its key.

    Raises:
        JobNotFoundError: there is none, or none any more.
    """
    view = find_job(session, job_id)
    if view is None:
        raise JobNotFoundError(job_id=job_id)
    return view


def list_recent(session: Session, *, limit: int = 50) -> list[JobView]:
    """List the jobs asked last, the newest first."""
    return [_to_view(job) for job in session.scalars(select(Job).order_by(Job.id.desc()).limit(limit))]


def find_latest(session: Session, kind: str, *, asked_by: str | None = None) -> JobView | None:
    """Find the job of a kind that was asked last, by anybody or by one actor alone."""
    statement = select(Job).where(Job.kind == kind)
    if asked_by is not None:
        statement = statement.where(Job.asked_by == asked_by)
    job = session.scalars(statement.order_by(Job.id.desc()).limit(1)).one_or_none()
    return None if job is None else _to_view(job)


def list_waiting(session: Session, *, older_than: float) -> list[JobView]:
    """List the jobs that nobody took up for more than so many seconds, the oldest first."""
    statement = select(Job).where(
        Job.state == JobState.QUEUED,
        Job.created_at <= now_plus(-older_than),
        Job.expires_at > now_plus(0),
    )
    return [_to_view(job) for job in session.scalars(statement.order_by(Job.id))]


def list_failed_of(session: Session, asked_by: str, *, within: float, limit: int = 10) -> list[JobView]:
    """List what somebody asked for in vain and ended within so many seconds, the newest first."""
    statement = select(Job).where(
        Job.state.in_([JobState.FAILED, JobState.EXPIRED]),
        Job.asked_by == asked_by,
        Job.finished_at > now_plus(-within),
    )
    return [_to_view(job) for job in session.scalars(statement.order_by(Job.id.desc()).limit(limit))]


def open_file(session: Session, job_id: UUID) -> Iterator[bytes]:
    """Give the parts of a job's file in order, one at a time. Nothing when there is none any more."""
    number = 0
    while True:
        statement = select(JobFile.data).where(JobFile.job_id == job_id, JobFile.number == number)
        data = session.scalar(statement)
        if data is None:
            return
        yield data
        number += 1


def list_unsent(
    session: Session, older_than: float, *, targets: Collection[str] | None = None, limit: int = 500
) -> list[UnsentJob]:
    """List jobs that nobody works on although they were sent `older_than` seconds ago, or never.

    The moments compared are the database's, so that the clocks of processes do not matter.
    `targets` narrows it to these, so that nobody's own jobs wait behind those of others.
    """
    silent_since = now_plus(-older_than)
    waits = and_(Job.state == JobState.QUEUED, Job.created_at <= silent_since)
    # A claim that ran out makes the job free again, unless it has ended too many claimants already.
    is_free_again = and_(
        Job.state == JobState.RUNNING, Job.claim_expires_at <= now_plus(0), Job.attempts < MAX_ATTEMPTS
    )
    statement = (
        select(Job.id, Job.kind, Job.target)
        .where(
            Job.expires_at > now_plus(0),
            true() if targets is None else Job.target.in_(targets),
            or_(waits, is_free_again),
            or_(Job.sent_at.is_(None), Job.sent_at <= silent_since),
        )
        .order_by(Job.id)
        .limit(limit)
    )
    return [UnsentJob(*row) for row in session.execute(statement)]


def _to_view(job: Job) -> JobView:
    return JobView(
        id=job.id,
        kind=job.kind,
        target=job.target,
        state=JobState(job.state),
        payload=job.payload,
        progress=job.progress,
        result=job.result,
        problem=job.problem,
        asked_by=job.asked_by,
        bot_id=job.bot_id,
        attempts=job.attempts,
        claimed_by=job.claimed_by,
        created_at=job.created_at,
        started_at=job.started_at,
        finished_at=job.finished_at,
        expires_at=job.expires_at,
    )
