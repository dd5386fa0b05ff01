"""Keeps the logs in shape: asks for retention once a day, makes the partitions of the coming days."""

from datetime import timedelta
from typing import Final

from socialcube.db.partitions import ensure_partitions as make_partitions
from socialcube.domain.access.types import Actor
from socialcube.domain.jobs import queries, service
from socialcube.domain.jobs.types import JobKind
from socialcube.worker.runtime import Runtime

RETENTION_PERIOD: Final = timedelta(hours=20)
"""Shorter than a day: an hourly look then finds it due at the same hour of each day, or the hour after."""

_RETENTION_TTL_SECONDS: Final = 6 * 3600.0


def ask_retention(runtime: Runtime) -> bool:
    """Ask for retention if nobody did lately. It is a job so that people see that it ran, and what it did."""
    shared = runtime.services.shared
    with shared.unit_of_work() as uow:
        last = queries.find_latest(uow.session, JobKind.RETENTION)
        if last is not None and uow.clock.now() - last.created_at < RETENTION_PERIOD:
            return False
        service.ask(uow, Actor.system("beat"), JobKind.RETENTION, {}, ttl_seconds=_RETENTION_TTL_SECONDS)
        uow.commit()
    return True


def ensure_partitions(runtime: Runtime) -> None:
    """Make the partitions of the coming days. SQLite needs none."""
    shared = runtime.services.shared
    make_partitions(shared.engine, shared.clock.now().date())
