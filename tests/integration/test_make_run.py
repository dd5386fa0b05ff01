"""`make run` in copies of this checkout, as a stranger meets it. No test looks into the launcher."""

import os
import shutil
import signal
import socket
import stat
import subprocess
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from uuid import uuid4

import pytest

import config
from socialcube.kernel.secrets import Secret
from socialcube.sandbox.control.client import Bot, ControlClient

pytestmark = [pytest.mark.processes, pytest.mark.timeout(600)]

_NOT_COPIED = shutil.ignore_patterns(
    ".git", ".venv", "var", "__pycache__", ".*_cache", "htmlcov", ".coverage*"
)
_SETTINGS = ("DATABASE_URL", "REDIS_URL", "SOCIALCUBE_ENV", "VAR_DIR", "MAKELEVEL", "MAKEFLAGS")
_MARK = "SOCIALCUBE_TEST_RUN"
_PROGRAMS = ("valkey-server", "socialcube.sandbox", "wsgi.py", " beat", " worker", "bot_runner.py")
# What people are promised is 90 and 10 seconds on a quiet machine; a test run is not quiet.
_START_SECONDS = 180.0
_STOP_SECONDS = 60.0


class Run:
    """One `make run` and everything that descends from it."""

    def __init__(self, checkout: Path, **variables: str) -> None:
        self.mark = uuid4().hex
        self.checkout = checkout
        self.port = free_port()
        kept = {name: value for name, value in os.environ.items() if name not in _SETTINGS}
        self.log = checkout.parent / f"{self.mark}.log"
        with self.log.open("wb") as log:
            self.make = subprocess.Popen(
                ["make", "run"],  # noqa: S607 - what people type
                cwd=checkout,
                env=kept | {"PORT": str(self.port), _MARK: self.mark} | variables,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                preexec_fn=_heed_interrupts,  # noqa: PLW1509 - it takes no lock that another thread may hold
            )

    @property
    def said(self) -> str:
        return self.log.read_text(errors="replace")

    def wait_until_ready(self) -> None:
        wait_for(lambda: "Social Cube is ready." in self.said or self.make.poll() is not None, _START_SECONDS)
        assert self.make.poll() is None, self.said
        assert "Stop           Ctrl-C" in self.said

    def end(self) -> int:
        """Wait for a run that ends by itself. Gives make's exit code."""
        return self.make.wait(_START_SECONDS)

    def processes(self) -> dict[int, str]:
        """Give the living descendants, by the mark in their environment."""
        mark = f"{_MARK}={self.mark}".encode()
        found = {}
        for folder in Path("/proc").iterdir():
            try:
                if folder.name.isdecimal() and mark in (folder / "environ").read_bytes().split(b"\0"):
                    found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
        return found

    def wait_until_started(self) -> None:
        """Wait until every process is there, ready or not."""
        wait_for(
            lambda: all(name in " ".join(self.neighbours().values()) for name in _PROGRAMS), _START_SECONDS
        )

    def neighbours(self) -> dict[int, str]:
        """Give the living processes that work in this checkout. Valkey hides its environment."""
        found = {}
        for folder in Path("/proc").iterdir():
            try:
                if folder.name.isdecimal() and (folder / "cwd").readlink().is_relative_to(self.checkout):
                    found[int(folder.name)] = (folder / "cmdline").read_bytes().replace(b"\0", b" ").decode()
            except OSError:
                continue
        return found

    def launcher(self) -> int:
        return min(pid for pid, command in self.processes().items() if "bin.lib.launch" in command)

    def get(self, path: str) -> int:
        with urllib.request.urlopen(f"http://127.0.0.1:{self.port}{path}", timeout=10) as answer:
            return int(answer.status)

    def bots(self) -> list[Bot]:
        """Ask the sandbox, an independent witness, which bots it knows."""
        chosen = config.read_env_file(self.checkout / "var" / ".env")
        origin = f"http://127.0.0.1:{chosen['SANDBOX_PORT']}"
        return list(ControlClient(origin, Secret(chosen["SANDBOX_CONTROL_KEY"])).bots().values())

    def assert_gone(self) -> None:
        wait_for(lambda: not self.processes() | self.neighbours(), _STOP_SECONDS, explain=self.neighbours)


def _heed_interrupts() -> None:
    """Undo what a shell does to its background jobs, or else `make test &` could not interrupt anything."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(
    condition: Callable[[], bool], seconds: float, explain: Callable[[], object] | None = None
) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, explain() if explain else "it took too long"
        time.sleep(0.1)


@contextmanager
def running(checkout: Path, **variables: str) -> Iterator[Run]:
    run = Run(checkout, **variables)
    try:
        yield run
    finally:
        # A passed test has nothing left; after a failed one the guard ends what its launcher leaves.
        for pid in (pid for pid, command in run.processes().items() if "bin.lib.launch" in command):
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM)
        run.make.wait()


@pytest.fixture(scope="module")
def checkout(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a bare copy; the first test that runs it makes `.venv` and `var/`."""
    return bare_copy(tmp_path_factory.mktemp("run") / "clone")


def bare_copy(target: Path) -> Path:
    shutil.copytree(config.PROJECT, target, ignore=_NOT_COPIED, symlinks=True)
    return target


def test_a_bare_checkout_becomes_a_running_installation(checkout: Path) -> None:
    with running(checkout) as run:
        run.wait_until_ready()
        assert run.get("/healthz") == 200
        assert run.get("/readyz") == 200
        assert {"Greenhouse", "Rollcall", "Tavern"} <= {bot.name for bot in run.bots() if bot.online}
        run.wait_until_started()
        assert stat.S_IMODE((checkout / "var" / "redis.sock").stat().st_mode) == 0o600
        with running(checkout) as second:
            assert second.end() != 0
            assert (
                f"already runs in this folder, as process {run.launcher()}: http://127.0.0.1:{run.port}"
                in (second.said)
            )
        assert run.get("/readyz") == 200
        os.killpg(run.make.pid, signal.SIGINT)
        run.assert_gone()
    assert "Traceback" not in run.said
    modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in (checkout / "var").iterdir()}
    assert modes[".env"] == 0o600
    assert modes["keys"] == 0o700
    assert stat.S_IMODE((checkout / "var").stat().st_mode) == 0o700


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_that_reaches_make_alone_stops_everything(checkout: Path, number: signal.Signals) -> None:
    with running(checkout) as run:
        run.wait_until_started()
        run.make.send_signal(number)
        run.assert_gone()


def test_a_killed_launcher_leaves_nothing_behind(checkout: Path) -> None:
    with running(checkout) as run:
        run.wait_until_started()
        os.kill(run.launcher(), signal.SIGKILL)
        run.assert_gone()


def test_a_process_that_is_killed_takes_the_others_along_and_is_named(checkout: Path) -> None:
    with running(checkout) as run:
        run.wait_until_started()
        bots = next(pid for pid, command in run.processes().items() if "bot_runner.py" in command)
        os.kill(bots, signal.SIGKILL)
        assert run.end() != 0
        assert "bots was killed" in run.said
        run.assert_gone()


def test_bad_settings_are_all_named_before_anything_starts(checkout: Path) -> None:
    with running(checkout, WEB_CONCURRENCY="many", BOT_LEASE_SECONDS="0", DISCORD_CLIENT_ID="1") as run:
        assert run.end() != 0
    for name in ("WEB_CONCURRENCY", "BOT_LEASE_SECONDS", "DISCORD_CLIENT_ID"):
        assert f"  - {name} " in run.said
    assert "Traceback" not in run.said


def test_a_port_in_use_is_one_plain_sentence(checkout: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        with running(checkout, PORT=port) as run:
            assert run.end() != 0
    assert f"Port {port} is in use. Stop what uses it, or take another: PORT=" in run.said
    assert "Traceback" not in run.said


def test_a_python_that_is_too_old_is_one_plain_sentence(checkout: Path, tmp_path: Path) -> None:
    old = tmp_path / "python3"
    old.write_text('#!/bin/sh\ncase "$*" in *print*) echo Python 3.9.2;; *) exit 1;; esac\n')
    old.chmod(0o755)
    with running(checkout, PYTHON=str(old)) as run:
        assert run.end() != 0
    assert f"needs Python 3.11 or newer, but {old} here is Python 3.9.2." in run.said


@pytest.mark.skipif(os.geteuid() != 0, reason="a folder that one may not write needs a second user")
def test_a_folder_that_cannot_be_written_is_one_plain_sentence(
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    """Root may write everywhere, so somebody else tries."""
    copy = bare_copy(tmp_path_factory.mktemp("ro") / "clone")
    for folder in (copy, *copy.parents):
        if folder.stat().st_uid == os.geteuid() and folder != Path("/"):
            folder.chmod(folder.stat().st_mode | 0o055)
    said = subprocess.run(
        [copy / "bin" / "run"],
        env={"PATH": "/usr/local/bin:/usr/bin:/bin"},
        user="nobody",
        capture_output=True,
        text=True,
        check=False,
    )
    assert said.returncode == 1
    assert said.stderr.splitlines()[-1].endswith(
        "cannot be written. Use a folder that belongs to you, then start again."
    )
    assert "Traceback" not in said.stderr
