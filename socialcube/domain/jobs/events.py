"""Facts about jobs."""

from dataclasses import dataclass
from uuid import UUID

from socialcube.kernel.events import Event


@dataclass(frozen=True, slots=True)
class JobAsked(Event):
    """A job waits for somebody at its target."""

    job_id: UUID
    target: str
    kind: str


@dataclass(frozen=True, slots=True)
class JobProgressed(Event):
    """Somebody works on a job, or is further with it."""

    job_id: UUID


@dataclass(frozen=True, slots=True)
class JobEnded(Event):
    """A job has its answer, or never will."""

    job_id: UUID
