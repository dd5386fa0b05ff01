"""Deletes log rows that are older than the settings keep them."""

from socialcube.bootstrap.worker import WorkerServices
from socialcube.domain.jobs.types import JobView
from socialcube.domain.logs import service


def delete_expired(services: WorkerServices, _job: JobView) -> dict[str, object]:
    """Delete what is too old. Gives the number of rows or whole days that went, per table."""
    shared = services.shared
    gone = service.delete_expired(shared.engine, shared.settings.retention, shared.clock.now())
    return {stream.value: count for stream, count in gone.items()}
