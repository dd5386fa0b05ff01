"""A second process that ends what the first one started, however the first one ends.

Everything that honcho starts has a session of its own, so neither a terminal nor the kernel ends it
when `make run` is killed. The guard hears of each process through a pipe and outlives its parent.
"""

import os
import select
import signal
import time
from collections.abc import Iterator
from contextlib import suppress

_POLL_SECONDS = 0.3
#: Together with one poll this stays below ten seconds, which is what `make run` promises.
_GRACE_SECONDS = 5.0


class Guard:
    """Watches over process groups. Start it before any thread: it forks."""

    def __init__(self) -> None:
        reader, self._writer = os.pipe()
        parent = os.getpid()
        self._pid = os.fork()
        if self._pid == 0:
            os.close(self._writer)
            _guard(parent, reader)
        os.close(reader)

    def watch(self, pid: int) -> None:
        """Add a process, and its group if it leads one. Any forked process may call this."""
        os.write(self._writer, f"{pid}\n".encode())

    def finish(self) -> None:
        """End everything that is left and wait until it is gone."""
        os.close(self._writer)
        os.waitpid(self._pid, 0)


def _guard(parent: int, reader: int) -> None:
    os.setsid()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)
    try:
        end([int(line) for line in _lines(parent, reader)])
    finally:
        os._exit(0)


def _lines(parent: int, reader: int) -> Iterator[str]:
    """Give what comes through the pipe until it closes or the parent is gone.

    The pipe alone would not tell: processes that the parent forked hold its other end too.
    """
    rest = ""
    while True:
        readable, _, _ = select.select([reader], [], [], _POLL_SECONDS)
        if not readable:
            if os.getppid() != parent:
                return
            continue
        data = os.read(reader, 4096)
        if not data:
            return
        *lines, rest = (rest + data.decode()).split("\n")
        yield from lines


def end(pids: list[int]) -> None:
    """Ask the processes and their groups to stop, then kill what is left."""
    _signal(pids, signal.SIGTERM)
    deadline = time.monotonic() + _GRACE_SECONDS
    while time.monotonic() < deadline and any(map(_is_running, pids)):
        time.sleep(_POLL_SECONDS / 3)
    _signal(pids, signal.SIGKILL)


def _signal(pids: list[int], number: signal.Signals) -> None:
    for pid in pids:
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(pid, number)
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, number)


def _is_running(pid: int) -> bool:
    try:
        os.killpg(pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True
