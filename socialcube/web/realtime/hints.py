"""Hears the hints of other processes and wakes the loops that they concern."""

import threading
from collections.abc import Callable, Mapping
from typing import Final

from socialcube.infra.control_bus import ControlBus, ControlMessage, Topic

_WAIT_SECONDS: Final = 1.0


class Ears:
    """One thread on the control bus. Without Redis it hears nothing, and the loops' own timers do.

    Args:
        bus: where the hints come from.
        wake: what to call for each topic.
    """

    def __init__(self, bus: ControlBus, wake: Mapping[Topic, Callable[[ControlMessage], None]]) -> None:
        self._bus = bus
        self._wake = wake
        self._ended = threading.Event()

    def start(self) -> None:
        """Start listening. Only after the last fork."""
        threading.Thread(target=self._run, name="live hints", daemon=True).start()

    def stop(self) -> None:
        """Ask the thread to end."""
        self._ended.set()

    def _run(self) -> None:
        heard = self._bus.subscribe(*self._wake)
        while not self._ended.is_set():
            message = heard.wait(_WAIT_SECONDS)
            if message is not None:
                self._wake[message.topic](message)
        heard.close()
