"""Words about jobs."""

from enum import StrEnum
from typing import Final

WORKER: Final = "worker"
"""Target of jobs that any Celery worker does. A bot's runner is `fleet:<bot id>`."""


class JobState(StrEnum):
    """A job's life. The last four are ends."""

    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
