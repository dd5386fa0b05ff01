"""Time as a dependency, so that tests turn it and nothing sleeps for it."""

import time
from datetime import UTC, datetime
from typing import Protocol


class Clock(Protocol):
    """Tells the time twice: for people (wall) and for deadlines (monotonic)."""

    def now(self) -> datetime:
        """Give the wall-clock time, aware and in UTC. It may jump; never measure with it."""
        ...

    def monotonic(self) -> float:
        """Give seconds from an arbitrary start. They never go back; leases and budgets use them."""
        ...


class SystemClock:
    """The clock of the machine."""

    def now(self) -> datetime:
        """Give the wall-clock time, aware and in UTC."""
        return datetime.now(UTC)

    def monotonic(self) -> float:
        """Give seconds from an arbitrary start."""
        return time.monotonic()
