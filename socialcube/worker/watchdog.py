"""Ends a worker that looks alive but hears nothing, so that its supervisor starts a fresh one.

Celery workers that reconnected after a Redis restart but stopped consuming were reported again and
again (celery issues 8030, 8091, 10205). Each worker therefore sends itself a canary through the broker.
"""

import logging
import os
import threading
from collections.abc import Callable
from typing import Final

from socialcube.kernel.clock import Clock

CANARY_SECONDS: Final = 15.0
DEAF_AFTER_SECONDS: Final = 45.0
EXIT_DEAF: Final = 75
"""EX_TEMPFAIL of sysexits.h: this worker sends but does not receive."""

_log: Final = logging.getLogger(__name__)


class Watchdog:
    """Counts the time since the last canary came back.

    Args:
        send_canary: sends one to this worker's own queue; gives whether the broker took it.
        count_canaries: gives how many the pool has taken up so far.
        is_busy: whether tasks are running. A full pool takes no canary and is not deaf.
        clock: measures.
    """

    def __init__(
        self,
        send_canary: Callable[[], bool],
        count_canaries: Callable[[], int],
        is_busy: Callable[[], bool],
        clock: Clock,
    ) -> None:
        self._send_canary = send_canary
        self._count_canaries = count_canaries
        self._is_busy = is_busy
        self._clock = clock
        self._count = 0
        self._heard_at = clock.monotonic()

    def is_deaf(self) -> bool:
        """Send the next canary, and tell whether too many before it never came back."""
        before, self._count = self._count, self._count_canaries()
        was_sent = self._send_canary()
        # Without a broker nothing can come back, and a new worker would hear as little.
        if self._count != before or self._is_busy() or not was_sent:
            self._heard_at = self._clock.monotonic()
        return self._clock.monotonic() - self._heard_at > DEAF_AFTER_SECONDS


def watch(watchdog: Watchdog, ended: threading.Event) -> None:
    """Look every 15 seconds until the worker ends. Ends the whole process when it is deaf."""
    while not ended.wait(CANARY_SECONDS):
        if watchdog.is_deaf():
            _log.critical("this worker hears nothing although Redis answers; ending with code %d", EXIT_DEAF)
            logging.shutdown()
            # The main loop is what hangs, so it cannot be asked to end. The pool's processes end
            # themselves when this end of their pipes closes; their jobs are given to others.
            os._exit(EXIT_DEAF)
