"""One real process of ours: started, watched, killed."""

import os
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Final, Self

from tests.support import warm

PROJECT: Final = Path(__file__).resolve().parents[2]


class RunningProcess:
    """Starts a process at once; ends it and its children behind `with`.

    Args:
        words: as `warm.start` takes them.
        environment: all of it.
        log: file that takes what it prints.
    """

    def __init__(self, words: Sequence[str], environment: Mapping[str, str], log: Path) -> None:
        self._log = log
        self._process = warm.start(words, environment, log)

    @property
    def pid(self) -> int:
        """Give the process id; it is also the id of the group."""
        return self._process.pid

    def children(self) -> list[int]:
        """Give the ids of its child processes."""
        path = Path(f"/proc/{self.pid}/task/{self.pid}/children")
        return [int(word) for word in path.read_text().split()] if path.exists() else []

    def printed(self) -> str:
        """Give all that was printed to its log so far."""
        return self._log.read_text(errors="replace")

    def wait_for(self, holds: Callable[[], object], what: str, seconds: float = 90.0) -> float:
        """Wait until something holds. Gives the seconds it took."""
        started = time.monotonic()
        while not holds():
            passed = time.monotonic() - started
            assert passed < seconds, f"{seconds} s passed before {what}:\n{self.printed()[-4000:]}"
            time.sleep(0.05)
        return time.monotonic() - started

    def wait_until_printed(self, text: str, seconds: float = 90.0) -> None:
        """Wait for a text in its log."""
        self.wait_for(lambda: text in self.printed(), f"it printed {text!r}", seconds)

    def send(self, number: signal.Signals) -> None:
        """Send a signal to this process alone."""
        self._process.send_signal(number)

    def wait(self, seconds: float = 20.0) -> int:
        """Wait for its end. Gives the exit code."""
        return self._process.wait(seconds)

    def kill(self) -> None:
        """End it as a crash does, children included."""
        signal_group(self.pid, signal.SIGKILL)
        self._process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        signal_group(self.pid, signal.SIGKILL)
        self._process.wait()


def signal_group(group: int, number: signal.Signals) -> None:
    """Signal all processes of a group, if there are any."""
    try:
        os.killpg(group, number)
    except ProcessLookupError:
        return
