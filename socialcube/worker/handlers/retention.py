"""Deletes what is older than it is kept: log and audit rows as the settings say, and ended jobs."""

from socialcube.bootstrap.worker import WorkerServices
from socialcube.domain.audit import service as audit
from socialcube.domain.jobs import service as jobs
from socialcube.domain.jobs.types import JobView
from socialcube.domain.logs import service as logs


def delete_expired(services: WorkerServices, _job: JobView) -> dict[str, object]:
    """Delete what is too old. Gives the number of rows or whole days that went, per table."""
    shared = services.shared
    engine, retention, now = shared.engine, shared.settings.retention, shared.clock.now()
    gone = logs.delete_expired(engine, retention, now)
    with shared.unit_of_work() as uow:
        ended = jobs.delete_ended(uow)
        uow.commit()
    return {
        **{stream.value: count for stream, count in gone.items()},
        "audit": audit.delete_expired(engine, retention.audit, now),
        "jobs": ended,
    }
