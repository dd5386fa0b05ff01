"""Jobs for tests."""

from datetime import timedelta
from typing import Any

from factory.base import Factory
from factory.declarations import LazyFunction
from sqlalchemy.orm import Session

from socialcube.domain.jobs.models import Job
from socialcube.domain.jobs.types import WORKER, JobKind
from socialcube.kernel.clock import SystemClock
from socialcube.kernel.ids import new_id

_clock = SystemClock()


class JobFactory(Factory[Job]):
    class Meta:
        model = Job

    id = LazyFunction(new_id)
    kind = JobKind.DRY_RUN
    target = WORKER
    payload = LazyFunction(dict)
    asked_by = "user:ann"
    # Jobs live by the database's own clock, which tests cannot turn: they move the moments instead.
    created_at = LazyFunction(_clock.now)
    expires_at = LazyFunction(lambda: from_now(300))


def from_now(seconds: float) -> Any:
    """Give a moment so far from now."""
    return _clock.now() + timedelta(seconds=seconds)


def make_job(session: Session, **changes: Any) -> Job:
    """Store a job that waits for a worker."""
    job = JobFactory.build(**changes)
    session.add(job)
    session.flush()
    return job
