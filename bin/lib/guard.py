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
from pathlib import Path
from typing import NamedTuple

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
        end([Watched(int(line), started_at(int(line))) for line in _lines(parent, reader)])
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


class Watched(NamedTuple):
    """A process, told apart from a later one that was given the same number.

    Attributes:
        started: when it started, as the kernel counts; None where it was gone or nobody can tell.
    """

    pid: int
    started: str | None

    def is_ours(self) -> bool:
        """Tell whether the number still is this process's, or that of the group that it left behind."""
        return started_at(self.pid) in {None, self.started}


def started_at(pid: int) -> str | None:
    """Give the clock ticks from the boot to the start of a process (proc(5), field 22 of stat)."""
    try:
        stat = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return None
    # The second field is the program's name in parentheses, which may hold blanks and parentheses.
    return stat.rpartition(")")[2].split()[19]


def end(watched: list[Watched]) -> None:
    """Ask the processes and their groups to stop, then kill what is left."""
    _signal(watched, signal.SIGTERM)
    deadline = time.monotonic() + _GRACE_SECONDS
    while time.monotonic() < deadline and any(map(_is_running, watched)):
        time.sleep(_POLL_SECONDS / 3)
    _signal(watched, signal.SIGKILL)


def _signal(watched: list[Watched], number: signal.Signals) -> None:
    for each in filter(Watched.is_ours, watched):
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(each.pid, number)
        with suppress(ProcessLookupError, PermissionError):
            os.kill(each.pid, number)


def _is_running(watched: Watched) -> bool:
    if not watched.is_ours():
        return False
    try:
        os.killpg(watched.pid, 0)
    except (ProcessLookupError, PermissionError):
        return False
    return True
