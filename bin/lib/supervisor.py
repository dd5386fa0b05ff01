"""Runs the lines of a Procfile under honcho, and always gets them all down again."""

import os
import signal
import sys
import threading
from collections.abc import Mapping
from typing import Any

from honcho.manager import SYSTEM_PRINTER_NAME, Manager
from honcho.printer import Message, Printer
from honcho.process import Process

from bin.lib.guard import Guard

#: honcho starts to count only when a first process has stopped, so that stubborn ones would stay for ever.
_KILL_SECONDS = 6.0


class Supervisor(Manager):  # type: ignore[misc] # honcho ships no types
    """honcho's manager with a guard behind it, and silent about itself."""

    def __init__(self, guard: Guard) -> None:
        super().__init__(_QuietPrinter(sys.stdout))
        self._guard = guard
        self._process_ctor = lambda *args, **kwargs: _GuardedProcess(guard, *args, **kwargs)
        self.first_stopped: tuple[str, int] | None = None

    @property
    def was_asked_to_stop(self) -> bool:
        """Tell whether a signal came, rather than a process ended by itself."""
        return self.first_stopped is None

    def terminate(self) -> None:
        """Stop all processes, and kill them when they take too long."""
        if not self._terminating:
            self.first_stopped = next(self._stopped(), None)
            timer = threading.Timer(_KILL_SECONDS, self.kill)
            timer.daemon = True
            timer.start()
        super().terminate()

    def _stopped(self) -> Any:
        return ((name, each["returncode"]) for name, each in self._processes.items() if "returncode" in each)

    def _start(self) -> None:
        super()._start()
        for each in self._processes.values():
            self._guard.watch(each["process"].pid)


class _GuardedProcess(Process):  # type: ignore[misc] # honcho ships no types
    """Tells the guard about the process group that it starts."""

    def __init__(self, guard: Guard, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._guard = guard

    def _send_message(self, data: Any, type: str = "line") -> None:  # noqa: A002 - honcho's own name
        if type == "start":
            self._guard.watch(data["pid"])
        super()._send_message(data, type=type)


class _QuietPrinter(Printer):  # type: ignore[misc] # honcho ships no types
    """Leaves out what honcho says about its own work; the processes speak for themselves."""

    def write(self, message: Message) -> None:
        """Print a line of a process."""
        if message.name != SYSTEM_PRINTER_NAME:
            super().write(message)


def add_all(supervisor: Supervisor, commands: Mapping[str, str], environ: Mapping[str, str]) -> None:
    """Put each command under the supervisor. Unlike honcho's own command, none gets another PORT.

    `exec` spares the shell between honcho and each program, which would live as long as the program.
    """
    for name, command in commands.items():
        supervisor.add_process(name, f"exec {command}", env=dict(environ))


def stop_on_hangup() -> None:
    """Treat a closed terminal like a request to stop."""
    signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
