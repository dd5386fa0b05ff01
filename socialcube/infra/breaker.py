"""A switch that stops asking a service that does not answer, so that waiting for it stays rare."""

import threading
from typing import Final

from socialcube.kernel.clock import Clock

FAILURES_TO_OPEN: Final = 2
PAUSE_SECONDS: Final = 2.0


class Breaker:
    """Opens after failures in a row; after a pause it lets one caller try again.

    Shared by all threads of a process. The pause is short: what is skipped meanwhile are hints.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._failures = 0
        self._closed_again_at = 0.0

    def allows(self) -> bool:
        """Tell whether a call may be made now. Whoever gets a yes after a pause makes the trial."""
        with self._lock:
            if self._failures < FAILURES_TO_OPEN:
                return True
            now = self._clock.monotonic()
            if now < self._closed_again_at:
                return False
            self._closed_again_at = now + PAUSE_SECONDS
            return True

    def succeeded(self) -> None:
        """Note an answer."""
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        """Note a failure."""
        with self._lock:
            self._failures += 1
            self._closed_again_at = self._clock.monotonic() + PAUSE_SECONDS
