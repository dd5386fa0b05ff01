"""One parent, several processes on one socket: starts them, replaces dead ones, ends them together."""

import contextlib
import logging
import os
import signal
import socket
import sys
from collections import deque
from collections.abc import Callable
from typing import Final, NoReturn

from socialcube.kernel.clock import Clock
from socialcube.web.serving.stopping import Stopping

EXIT_OK: Final = 0
EXIT_KEEPS_FAILING: Final = 70
"""EX_SOFTWARE of sysexits.h: the serving processes end as soon as they start."""

MAX_FAILURES: Final = 5
FAILURE_WINDOW_SECONDS: Final = 10.0
KILL_GRACE_SECONDS: Final = 2.0

_SIGNALS: Final = (signal.SIGTERM, signal.SIGINT, signal.SIGCHLD)
_log: Final = logging.getLogger(__name__)

Serve = Callable[[socket.socket, Stopping], None]
"""Serves a socket until it is time to stop, then returns when the requests in flight are answered."""


class Prefork:
    """The parent.

    Args:
        listener: bound and listening; the processes share it.
        serve: what each process does.
        count: how many processes.
        drain_seconds: how long they may take to end.
        clock: measures failures and the drain.
    """

    def __init__(
        self, listener: socket.socket, serve: Serve, *, count: int, drain_seconds: float, clock: Clock
    ) -> None:
        self._listener = listener
        self._serve = serve
        self._count = count
        self._drain_seconds = drain_seconds
        self._clock = clock
        self._children: set[int] = set()
        self._failures: deque[float] = deque(maxlen=MAX_FAILURES)
        self._parent_end, self._life_line = os.pipe()

    def run(self) -> int:
        """Serve until a signal comes. Gives the exit code of this process."""
        # Blocked signals wait to be taken by sigwait, so none is lost between two looks.
        signal.pthread_sigmask(signal.SIG_BLOCK, _SIGNALS)
        for _ in range(self._count):
            self._start()
        while True:
            if signal.sigwait(_SIGNALS) != signal.SIGCHLD:
                return self._stop(EXIT_OK)
            for pid, code in self._reap():
                _log.error("web process %d ended with exit code %d; starting another one", pid, code)
                self._failures.append(self._clock.monotonic())
                if self._keeps_failing():
                    _log.critical(
                        "web processes keep ending; giving up with exit code %d", EXIT_KEEPS_FAILING
                    )
                    return self._stop(EXIT_KEEPS_FAILING)
                self._start()

    def _start(self) -> None:
        pid = os.fork()
        if pid:
            self._children.add(pid)
            return
        self._be_child()

    def _be_child(self) -> NoReturn:
        code = EXIT_KEEPS_FAILING
        try:
            os.close(self._life_line)
            stopping = Stopping(self._parent_end)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, _SIGNALS)
            self._serve(self._listener, stopping)
            code = EXIT_OK
        except BaseException:  # noqa: BLE001 - whatever it is, the parent must see an exit code
            _log.exception("a web process failed")
        finally:
            logging.shutdown()
            sys.stdout.flush()
            # The parent's cleanup is the parent's: nothing of it may run twice.
            os._exit(code)

    def _reap(self) -> list[tuple[int, int]]:
        ended = []
        for pid in list(self._children):
            found, status = os.waitpid(pid, os.WNOHANG)
            if found:
                self._children.discard(pid)
                ended.append((pid, os.waitstatus_to_exitcode(status)))
        return ended

    def _keeps_failing(self) -> bool:
        is_full = len(self._failures) == MAX_FAILURES
        return is_full and self._failures[-1] - self._failures[0] < FAILURE_WINDOW_SECONDS

    def _stop(self, code: int) -> int:
        # Nobody connects to a socket that no process will serve any more.
        self._listener.close()
        self._signal(signal.SIGTERM)
        deadline = self._clock.monotonic() + self._drain_seconds + KILL_GRACE_SECONDS
        while self._children and (left := deadline - self._clock.monotonic()) > 0:
            signal.sigtimedwait(_SIGNALS, left)
            self._reap()
        if self._children:
            _log.error("%d web processes did not end in time and were killed", len(self._children))
            self._signal(signal.SIGKILL)
        return code

    def _signal(self, number: signal.Signals) -> None:
        for pid in self._children:
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, number)
