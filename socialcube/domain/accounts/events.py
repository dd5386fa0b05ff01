"""Facts about people and their sessions."""

from dataclasses import dataclass
from uuid import UUID

from socialcube.kernel.events import Event


@dataclass(frozen=True, slots=True)
class SessionEnded(Event):
    """A session is over before its time; what it holds open must close."""

    session_id: UUID
    user_id: UUID


@dataclass(frozen=True, slots=True)
class AccessChanged(Event):
    """A person may do more, or less, than before."""

    user_id: UUID
