"""A publisher that keeps what it hears."""

from collections.abc import Iterable

from socialcube.kernel.events import Event


class Published:
    """Hears the events of committed units.

    Attributes:
        events: all of them, in order.
    """

    def __init__(self) -> None:
        self.events: list[Event] = []

    def publish(self, events: Iterable[Event]) -> None:
        self.events += events
