"""A loop in a thread of its own: woken by hints, and by its timer when none comes."""

import logging
import threading
import time
from collections.abc import Callable
from typing import Final

_log: Final = logging.getLogger(__name__)


class Repeater:
    """Calls a step again and again. What fails is logged and tried again; the loop never dies of it.

    Args:
        name: for the log and the thread.
        step: one piece of work; True asks for the next one at once.
        every: seconds after which it is called without a hint.
        gap: least seconds between two calls, so that many hints cost one call.
    """

    def __init__(self, name: str, step: Callable[[], bool], *, every: float, gap: float = 0.0) -> None:
        self._name = name
        self._step = step
        self._every = every
        self._gap = gap
        self._woken = threading.Event()
        self._ended = threading.Event()
        self._is_failing = False

    def start(self) -> None:
        """Start the thread. Only after the last fork."""
        threading.Thread(target=self._run, name=self._name, daemon=True).start()

    def hint(self) -> None:
        """Ask for a call soon."""
        self._woken.set()

    def stop(self) -> None:
        """Ask the loop to end."""
        self._ended.set()
        self._woken.set()

    def _run(self) -> None:
        last = time.monotonic() - self._gap
        while not self._ended.is_set():
            self._woken.wait(self._every)
            self._ended.wait(max(0.0, self._gap - (time.monotonic() - last)))
            self._woken.clear()
            last = time.monotonic()
            while not self._ended.is_set() and self._call():
                pass

    def _call(self) -> bool:
        try:
            has_more = self._step()
        except Exception as error:  # noqa: BLE001 - a loop that dies would leave every page still
            if not self._is_failing:
                _log.warning("%s failed and is tried again: %s", self._name, type(error).__name__)
            _log.debug("%s failed", self._name, exc_info=True)
            self._is_failing = True
            return False
        self._is_failing = False
        return has_more
