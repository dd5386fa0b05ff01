"""Keeps the logs in shape: counts new rows, asks for retention once a day, makes the coming partitions."""

from datetime import timedelta
from typing import Final

from socialcube.db.partitions import ensure_partitions as make_partitions
from socialcube.domain.access.types import Actor
from socialcube.domain.jobs import queries, service
from socialcube.domain.jobs.types import JobKind
from socialcube.domain.logs import service as logs
from socialcube.domain.logs.types import Stream
from socialcube.domain.overview import service as overview
from socialcube.worker.runtime import Runtime

RETENTION_PERIOD: Final = timedelta(hours=20)
"""Shorter than a day: an hourly look then finds it due at the same hour of each day, or the hour after."""

FOLD_SECONDS: Final = 8.0
"""Less than the period of the schedule, so that a long history is taken in over several turns."""

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


def fold_figures(runtime: Runtime) -> int:
    """Count the rows that came since the last time, and once a minute the bots. Gives how many rows.

    Each batch is a transaction of its own that moves the cursor too: whatever ends it in between, no row
    counts twice and none is left out.
    """
    _sample_online(runtime)
    clock = runtime.services.shared.clock
    deadline = clock.monotonic() + FOLD_SECONDS
    counted = 0
    for stream in logs.FOLDED:
        while batch := _fold_batch(runtime, stream):
            counted += batch
            if clock.monotonic() >= deadline:
                break
    return counted


def _sample_online(runtime: Runtime) -> None:
    shared = runtime.services.shared
    with shared.unit_of_work() as uow:
        overview.sample_online(uow, lease_seconds=shared.settings.fleet.lease_seconds)
        uow.commit()


def _fold_batch(runtime: Runtime, stream: Stream) -> int:
    with runtime.services.shared.unit_of_work() as uow:
        counted = logs.fold_figures(uow, stream)
        uow.commit()
    return counted
