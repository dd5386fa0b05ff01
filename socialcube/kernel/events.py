"""Facts that a change leaves behind, published after its commit."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol


@dataclass(frozen=True, slots=True)
class Event:
    """A fact in the past tense. It carries ids only: whoever hears it reads the database again."""


class EventPublisher(Protocol):
    """Takes the events of one committed unit of work further."""

    def publish(self, events: Iterable[Event]) -> None:
        """Hand the events on. Losing them is allowed, raising is not: the commit already stands."""
        ...


class NullPublisher:
    """Publishes nowhere, for tools that nobody listens to."""

    def publish(self, events: Iterable[Event]) -> None:
        """Drop the events."""
