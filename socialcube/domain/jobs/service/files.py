"""Files that jobs leave behind, written in parts by whoever holds the claim."""

from typing import Final
from uuid import UUID

from sqlalchemy import ColumnElement, delete, select

from socialcube.db.types import now_plus
from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.jobs.models import Job, JobFile
from socialcube.domain.jobs.policy import FILE_SECONDS
from socialcube.domain.jobs.service.work import report_progress
from socialcube.domain.jobs.types import JobState

_PART_BYTES: Final = 256 * 1024


def begin_file(uow: UnitOfWork, job_id: UUID, claimant: str, *, claim_seconds: float) -> bool:
    """Throw away what a former claimant wrote of the file.

    Returns:
        Whether the claim still stands. Who gets False has lost the job and stops.
    """
    if not report_progress(uow, job_id, claimant, 0, claim_seconds=claim_seconds):
        return False
    _delete_parts(uow, JobFile.job_id == job_id)
    return True


def add_file_part(  # noqa: PLR0913 - each fact of the part has its own name
    uow: UnitOfWork,
    job_id: UUID,
    claimant: str,
    *,
    number: int,
    data: bytes,
    percent: int,
    claim_seconds: float,
) -> bool:
    """Add the next part of the file, which also says how far the work is and renews the claim.

    Args:
        uow: an open write unit.
        job_id: the job whose file it is.
        claimant: who holds the claim.
        number: place of the part, counted from 0.
        data: bytes of the part.
        percent: how far the work is.
        claim_seconds: how long the claimant may stay silent from now on.

    Returns:
        Whether the claim still stands. Who gets False has lost the job and stops; nothing was written.
    """
    # The row of the job stays locked until the commit, so no other claimant can begin meanwhile.
    if not report_progress(uow, job_id, claimant, percent, claim_seconds=claim_seconds):
        return False
    uow.session.add(JobFile(job_id=job_id, number=number, data=data))
    uow.session.flush()
    return True


def attach_file(uow: UnitOfWork, job_id: UUID, data: bytes) -> None:
    """Give a job that was just asked a file to work on. It goes with the rest of the job's files.

    Args:
        uow: the unit that asks, so that nobody claims the job without its file.
        job_id: the job.
        data: the file, small enough for memory.
    """
    for number, start in enumerate(range(0, len(data), _PART_BYTES)):
        uow.session.add(JobFile(job_id=job_id, number=number, data=data[start : start + _PART_BYTES]))
    uow.session.flush()


def drop_file(uow: UnitOfWork, job_id: UUID) -> None:
    """Delete a job's file, which nobody needs any more."""
    _delete_parts(uow, JobFile.job_id == job_id)


def delete_old_files(uow: UnitOfWork) -> int:
    """Delete files a day after their job ended, and those of jobs without a result. Gives the parts."""
    old = select(Job.id).where(Job.finished_at < now_plus(-FILE_SECONDS))
    useless = select(Job.id).where(Job.state.in_([JobState.FAILED, JobState.EXPIRED, JobState.CANCELLED]))
    return _delete_parts(uow, JobFile.job_id.in_(old) | JobFile.job_id.in_(useless))


def _delete_parts(uow: UnitOfWork, which: ColumnElement[bool]) -> int:
    statement = delete(JobFile).where(which).execution_options(synchronize_session=False)
    return uow.session.connection().execute(statement).rowcount
