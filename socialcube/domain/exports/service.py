"""Asks for lists as files."""

from collections.abc import Mapping, Sequence
from typing import Any, Final
from uuid import UUID

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor
from socialcube.domain.audit import service as audit
from socialcube.domain.exports.documents import read_request
from socialcube.domain.exports.policy import scope_of
from socialcube.domain.jobs import service as jobs
from socialcube.domain.jobs.types import JobKind

TTL_SECONDS: Final = 900.0


def ask_export(  # noqa: PLR0913 - each part of the question has its own name
    uow: UnitOfWork,
    actor: Actor,
    source: str,
    *,
    filters: Mapping[str, Any] | None = None,
    columns: Sequence[str] = (),
    with_mark: bool = True,
) -> UUID:
    """Ask for a list as a CSV file. The job's progress moves, and its file can be fetched for a day.

    Args:
        uow: an open write unit.
        actor: who asks; the file holds what they may take away while it is written.
        source: one of `Source`.
        filters: as `ExportRequest` wants them for this list, as JSON.
        columns: names of columns in their order, empty for all.
        with_mark: whether Excel should see that the file is UTF-8.

    Returns:
        The key of the job.

    Raises:
        ExportInvalidError, ForbiddenError: as they say.
    """
    request = read_request(
        {
            "source": source,
            "filters": dict(filters or {}),
            "columns": tuple(columns),
            "with_mark": with_mark,
        }
    )
    scope_of(actor, request.source)
    payload = request.model_dump(mode="json")
    job_id = jobs.ask(uow, actor, JobKind.EXPORT, payload, ttl_seconds=TTL_SECONDS)
    audit.record(
        uow,
        actor,
        "export.make",
        subject_kind="list",
        subject_id=request.source.value,
        after={"filters": payload["filters"], "columns": payload["columns"]},
    )
    return job_id
