import subprocess
import sys
from collections.abc import Iterator

import pytest

from bin.lib import guard
from bin.lib.guard import Watched

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells when a process started")


@pytest.fixture
def process() -> Iterator[subprocess.Popen[bytes]]:
    """Start a process that leads a group of its own and waits for its input to end."""
    program = [sys.executable, "-c", "input()"]
    with subprocess.Popen(program, stdin=subprocess.PIPE, start_new_session=True) as started:
        yield started
        started.kill()


@pytest.fixture(autouse=True)
def short_grace(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody collects the processes of these tests while the guard waits for them."""
    monkeypatch.setattr(guard, "_GRACE_SECONDS", 0.2)


def test_a_watched_process_is_ended(process: subprocess.Popen[bytes]) -> None:
    watched = Watched(process.pid, guard.started_at(process.pid))
    assert watched.started is not None
    guard.end([watched])
    assert process.wait() < 0


@pytest.mark.parametrize("started", [None, "1"])
def test_a_stranger_with_the_number_of_one_that_ended_is_left_alone(
    process: subprocess.Popen[bytes], started: str | None
) -> None:
    guard.end([Watched(process.pid, started)])
    assert process.poll() is None
