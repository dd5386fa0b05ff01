"""Reads around files of lists."""

from collections.abc import Iterator
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from socialcube.domain.access.types import Actor
from socialcube.domain.exports.documents import read_request
from socialcube.domain.exports.errors import FileNotFoundHereError
from socialcube.domain.exports.policy import covers, scope_from, scope_of
from socialcube.domain.exports.types import PERMISSIONS, ExportFile
from socialcube.domain.jobs import queries as jobs
from socialcube.domain.jobs.policy import FILE_SECONDS
from socialcube.domain.jobs.types import JobKind, JobState
from socialcube.kernel.errors import ForbiddenError


def get_file(session: Session, actor: Actor, job_id: UUID, now: datetime) -> ExportFile:
    """Get the file of an export, for whoever asked for it and still may.

    Raises:
        FileNotFoundHereError: there is none, it is too old, or it is somebody else's; all answer alike.
        ForbiddenError: the file holds rows that the actor may not take away any more.
    """
    job = jobs.find_job(session, job_id)
    if job is None or job.kind != JobKind.EXPORT or job.asked_by != str(actor):
        raise FileNotFoundHereError
    if job.state is not JobState.DONE or job.result is None or job.finished_at is None:
        raise FileNotFoundHereError
    if (now - job.finished_at).total_seconds() > FILE_SECONDS:
        raise FileNotFoundHereError
    request = read_request(dict(job.payload))
    said = dict(job.result)
    if not covers(scope_of(actor, request.source), scope_from(said["scope"])):  # type: ignore[arg-type] # JSON
        raise ForbiddenError(permission=PERMISSIONS[request.source].value)
    return ExportFile(job_id, str(said["name"]), int(str(said["bytes"])))


def open_file(session: Session, file: ExportFile) -> Iterator[bytes]:
    """Give the bytes of a file, a part at a time."""
    return jobs.open_file(session, file.job_id)
