"""Starts our processes as forks of one that has imported them, since imports cost more than most tests.

Each still has a process, an environment, files and an exit code of its own, and is killed like any other.
Only what the kernel notes at a program's start (`/proc/<pid>/environ`, its command line) is the parent's, so
tests that look there start cold.
"""

import atexit
import contextlib
import gc
import importlib
import json
import os
import runpy
import signal
import subprocess
import sys
import threading
import warnings
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, NoReturn

_PROJECT: Final = Path(__file__).resolve().parents[2]
_CELERY: Final = "celery"
_MODULES: Final = {
    "web": ("eventlet.wsgi", "wsgi"),
    "others": (
        "celery.bin.celery",
        "bot_runner",
        "socialcube.worker.app",
        "socialcube.sandbox.__main__",
        "wsgi",
        "tests.factories.logs",
        "tests.factories.settings",
    ),
}


class WarmProcess:
    """One process, with the methods of `subprocess.Popen` that tests use.

    Attributes:
        pid: its process id.
        returncode: its exit code once it has ended, negative for a signal.
    """

    def __init__(self, pid: int, ends: "_Ends") -> None:
        self.pid = pid
        self._ends = ends

    @property
    def returncode(self) -> int | None:
        """Give the exit code, None while it runs."""
        return self._ends.codes.get(self.pid)

    def poll(self) -> int | None:
        """Give the exit code, None while it runs."""
        return self.returncode

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end.

        Raises:
            subprocess.TimeoutExpired: it runs on.
        """
        with self._ends.news:
            if not self._ends.news.wait_for(lambda: self.returncode is not None, timeout):
                raise subprocess.TimeoutExpired(f"process {self.pid}", timeout or 0)
        code = self.returncode
        assert code is not None
        return code

    def send_signal(self, number: int) -> None:
        """Send it a signal, unless it has ended."""
        if self.returncode is None:
            # It may have ended a moment ago, which we are told of later.
            with contextlib.suppress(ProcessLookupError):
                os.kill(self.pid, number)

    def terminate(self) -> None:
        """Ask it to end."""
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        """End it as a crash does."""
        self.send_signal(signal.SIGKILL)


Started = WarmProcess | subprocess.Popen[bytes]
"""A process of ours, started warm or cold."""


def start(
    words: Sequence[str], environment: Mapping[str, str], log: Path, *, own_session: bool = True
) -> WarmProcess:
    """Start a process of ours.

    Args:
        words: after the interpreter: a script of the project or `-m` and a module; or `celery` and its words.
        environment: all of it.
        log: takes what it prints.
        own_session: whether it leads a group of its own.
    """
    name = "web" if words[0] == "wsgi.py" else "others"
    log.touch()
    return _parent(name).fork(words, environment, log, own_session=own_session)


@cache
def _parent(name: str) -> "_Parent":
    return _Parent(name)


class _Ends:
    """Exit codes by process id, as the parent tells them."""

    def __init__(self) -> None:
        self.codes: dict[int, int] = {}
        self.news = threading.Condition()


class _Parent:
    """The test's side of a process that has imported everything."""

    def __init__(self, name: str) -> None:
        orders, self._orders = os.pipe()
        self._said, told = os.pipe()
        # It ends when the last writer of its orders does, which is this process.
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.warm", name, str(orders), str(told)],
            cwd=_PROJECT,
            stdin=subprocess.DEVNULL,
            pass_fds=(orders, told),
            start_new_session=True,
        )
        os.close(orders)
        os.close(told)
        self._ends = _Ends()
        self._pids: list[int] = []
        threading.Thread(target=self._listen, name=f"ends of {name}", daemon=True).start()
        atexit.register(self._close)

    def fork(
        self, words: Sequence[str], environment: Mapping[str, str], log: Path, *, own_session: bool
    ) -> WarmProcess:
        order = {"words": list(words), "environment": dict(environment), "log": str(log), "own": own_session}
        with self._ends.news:
            line = json.dumps(order).encode() + b"\n"
            while line:
                line = line[os.write(self._orders, line) :]
            assert self._ends.news.wait_for(lambda: self._pids, 120), f"{words} was not started"
            return WarmProcess(self._pids.pop(), self._ends)

    def _listen(self) -> None:
        with os.fdopen(self._said, encoding="ascii") as lines:
            for line in lines:
                kind, pid, code = line.split()
                with self._ends.news:
                    if kind == "began":
                        # A number may be given again; the end of whoever had it before is history.
                        self._ends.codes.pop(int(pid), None)
                        self._pids.append(int(pid))
                    else:
                        self._ends.codes[int(pid)] = int(code)
                    self._ends.news.notify_all()

    def _close(self) -> None:
        os.close(self._orders)
        self._process.wait()


def _serve(name: str, orders: int, told: int) -> list[str]:
    """Import, then fork for each order. Returns in the forks: what to run."""
    _import(name)
    signal.signal(signal.SIGCHLD, lambda *_: _tell_ends(told))
    with open(orders, "rb", closefd=False) as lines:
        while line := lines.readline():
            order = json.loads(line)
            # The end of a fork is told after its beginning, however short its life is.
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGCHLD})
            pid = os.fork()
            if pid == 0:
                os.close(orders)
                os.close(told)
                return _become(order)
            os.write(told, b"began %d 0\n" % pid)
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
    sys.exit(0)


def _import(name: str) -> None:
    if name == "web":
        # As wsgi.py does, before anything else is imported.
        warnings.filterwarnings("ignore", message=r"\s*Eventlet is deprecated")
        importlib.import_module("eventlet").monkey_patch()
    for module in _MODULES[name]:
        importlib.import_module(module)
    # Each fork would do it anew.
    importlib.import_module("sqlalchemy.orm").configure_mappers()
    # What is imported stays: no collection of a fork walks over it, nor copies its pages by that.
    gc.collect()
    gc.freeze()


def _tell_ends(told: int) -> None:
    while True:
        try:
            pid, status = os.waitpid(-1, os.WNOHANG)
        except ChildProcessError:
            return
        if pid == 0:
            return
        os.write(told, b"ended %d %d\n" % (pid, os.waitstatus_to_exitcode(status)))


def _become(order: dict[str, Any]) -> list[str]:
    """Be a process of one's own. Gives its words."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGCHLD})
    if order["own"]:
        os.setsid()
    file = os.open(order["log"], os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    os.dup2(file, 1)
    os.dup2(file, 2)
    os.close(file)
    os.environ.clear()
    os.environ.update(order["environment"])
    sys.stdout.reconfigure(write_through=True)  # type: ignore[union-attr] # it is a file, never replaced here
    words: list[str] = order["words"]
    return words


def _run(words: list[str]) -> NoReturn:
    if words[0] == _CELERY:
        from celery.__main__ import main  # noqa: PLC0415 - a fork of the others finds it imported

        sys.argv = words
        sys.exit(main())
    if words[0] == "-m":
        sys.argv = words[1:]
        runpy.run_module(words[1], run_name="__main__", alter_sys=True)
    else:
        sys.argv = words
        runpy.run_path(words[0], run_name="__main__")
    sys.exit(0)


if __name__ == "__main__":
    _run(_serve(sys.argv[1], int(sys.argv[2]), int(sys.argv[3])))
