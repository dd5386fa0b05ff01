"""Who of one process writes next, into a database that takes one writer at a time."""

from collections.abc import Iterator
from contextlib import contextmanager
from threading import Condition


class WriteTurns:
    """Lets one thread write at a time, and those first that cannot wait.

    SQLite's own lock has no queue: whoever finds it taken looks again after a while, and beside threads that
    hand it to each other finds it taken again, for longer than a lease lasts. So within a process nobody who
    waits here looks for luck, and a renewal waits for one write at most.
    """

    def __init__(self) -> None:
        self._changed = Condition()
        self._is_taken = False
        self._urgent = 0

    @contextmanager
    def ordinary(self) -> Iterator[None]:
        """Write when nobody else does, and nobody urgent waits."""
        with self._changed:
            self._changed.wait_for(lambda: not self._is_taken and not self._urgent)
            self._is_taken = True
        try:
            yield
        finally:
            self._give_back()

    @contextmanager
    def urgent(self) -> Iterator[None]:
        """Write as soon as nobody else does."""
        with self._changed:
            self._urgent += 1
            try:
                self._changed.wait_for(lambda: not self._is_taken)
                self._is_taken = True
            finally:
                self._urgent -= 1
        try:
            yield
        finally:
            self._give_back()

    def _give_back(self) -> None:
        with self._changed:
            self._is_taken = False
            self._changed.notify_all()
