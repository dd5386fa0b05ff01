"""Runs the lines of a Procfile under honcho, and always gets them all down again."""

import os
import signal
import sys
import threading
import time
from collections.abc import Mapping
from typing import Any

from honcho.manager import SYSTEM_PRINTER_NAME, Manager
from honcho.printer import Message, Printer
from honcho.process import Process

from bin.lib.guard import Guard

#: honcho starts to count only when a first process has stopped, so that stubborn ones would stay for ever.
_KILL_SECONDS = 6.0
#: How long killed processes have to be told of.
_LAST_SECONDS = 1.0
_POLL_SECONDS = 0.05
#: The others still give back what they hold of it.
_STOPPED_LAST = "redis"
#: A runner that slept with the machine, one that others took for dead, and a worker that hears nothing.
_ASKS_FOR_A_FRESH_START = frozenset({71, 73, 75})
_FRESH_STARTS = 3
_FRESH_STARTS_WITHIN_SECONDS = 120.0
_PAUSE_SECONDS = 1.0


class Supervisor(Manager):  # type: ignore[misc] # honcho ships no types
    """honcho's manager with a guard behind it, and silent about itself.

    Attributes:
        first_stopped: name and exit code of a process that ended by itself, None when a signal came first.
    """

    def __init__(self, guard: Guard) -> None:
        super().__init__(_QuietPrinter(sys.stdout))
        self._terminating = False
        self._guard = guard
        self._process_ctor = lambda *args, **kwargs: _GuardedProcess(guard, *args, **kwargs)
        self.first_stopped: tuple[str, int] | None = None

    def add_all(self, commands: Mapping[str, str], environ: Mapping[str, str]) -> None:
        """Put each command under the supervisor. Unlike honcho's own command, none gets another PORT.

        `exec` spares the shell between honcho and each program, which would live as long as the program.
        """
        for name, command in commands.items():
            self.add_process(name, f"exec {command}", env=dict(environ))

    def terminate(self) -> None:
        """Stop all processes, also those only just starting, and kill them when they take too long."""
        if self._terminating:
            return
        self._terminating = True
        self.first_stopped = next(
            ((name, each["returncode"]) for name, each in self._processes.items() if "returncode" in each),
            None,
        )
        threading.Thread(target=self._stop_all, daemon=True).start()

    def _stop_all(self) -> None:
        deadline = time.monotonic() + _KILL_SECONDS
        asked: set[str] = set()
        while (running := self._running()) and time.monotonic() < deadline:
            for name, pid in running.items():
                if pid and name not in asked and (name != _STOPPED_LAST or len(running) == 1):
                    self._procmgr.terminate(pid)
                    asked.add(name)
            time.sleep(_POLL_SECONDS)
        self._kill_all()

    def _kill_all(self) -> None:
        """Kill what did not stop, and what started afresh meanwhile."""
        deadline = time.monotonic() + _LAST_SECONDS
        while (running := self._running()) and time.monotonic() < deadline:
            for pid in filter(None, running.values()):
                self._procmgr.kill(pid)
            time.sleep(_POLL_SECONDS)
        if running:
            # Nobody tells that these have ended, and honcho would wait for it for ever. The guard ends them.
            os._exit(1)

    def _running(self) -> dict[str, int | None]:
        """Give the process ids by name; None is one that is only just starting."""
        return {
            name: each.get("pid") for name, each in self._processes.copy().items() if "returncode" not in each
        }

    def _start(self) -> None:
        super()._start()
        for each in self._processes.values():
            self._guard.watch(each["process"].pid)


class _GuardedProcess(Process):  # type: ignore[misc] # honcho ships no types
    """Tells the guard about the process group that it starts, and starts it anew when it asks for that."""

    def __init__(self, guard: Guard, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._guard = guard
        self._goes_on = False
        self._fresh_starts: list[float] = []

    def run(self, events: Any = None, ignore_signals: bool = False) -> None:  # noqa: FBT001, FBT002 - honcho's
        """Run the process until it ends for good."""
        super().run(events, ignore_signals)
        while self._goes_on:
            time.sleep(_PAUSE_SECONDS)
            super().run(events, ignore_signals)

    def _send_message(self, data: Any, type: str = "line") -> None:  # noqa: A002 - honcho's own name
        if type == "start":
            self._guard.watch(data["pid"])
        if type == "stop":
            self._goes_on = self._may_go_on(data["returncode"])
            if self._goes_on:
                type, data = "line", f"Ended with code {data['returncode']} to start afresh.\n".encode()  # noqa: A001
        super()._send_message(data, type=type)

    def _may_go_on(self, code: int) -> bool:
        """Tell whether a fresh start is asked for, and not yet again and again."""
        horizon = time.monotonic() - _FRESH_STARTS_WITHIN_SECONDS
        self._fresh_starts = [moment for moment in self._fresh_starts if moment > horizon]
        if code not in _ASKS_FOR_A_FRESH_START or len(self._fresh_starts) >= _FRESH_STARTS:
            return False
        self._fresh_starts.append(time.monotonic())
        return True


class _QuietPrinter(Printer):  # type: ignore[misc] # honcho ships no types
    """Leaves out what honcho says about its own work; the processes speak for themselves."""

    def write(self, message: Message) -> None:
        """Print a line of a process."""
        if message.name != SYSTEM_PRINTER_NAME:
            super().write(message)


def stop_on_hangup() -> None:
    """Treat a closed terminal like a request to stop."""
    signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))
