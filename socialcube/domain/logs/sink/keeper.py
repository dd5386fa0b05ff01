"""The journal of a running process, with what happens when the disk does not want it."""

import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from socialcube.domain.logs.sink.backlog import Backlog
from socialcube.domain.logs.sink.journal import Journal

_LARGE: Final = 4 * 1024 * 1024
_RETRY_SECONDS: Final = 5.0


class Keeper:
    """Keeps rows in the journal until they are committed. Belongs to one thread and never raises.

    While the disk refuses, rows are in memory only; that is said on standard error once, and when it is
    over again the journal is written anew.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._journal: Journal | None = None
        self._retry_at = 0.0
        self._is_failing = False

    def keep(self, lines: Sequence[bytes], now: float) -> None:
        """Append lines. `now` is monotonic."""
        if self._is_failing:
            return
        try:
            if self._journal is None:
                self._journal = Journal(self._folder)
            self._journal.append(lines)
        except OSError as error:
            self._fail(error, now)

    def tidy(self, backlog: Backlog, now: float) -> None:
        """Drop committed rows once the file has grown or nothing waits; write it anew after a failure."""
        if self._is_failing and now < self._retry_at:
            return
        try:
            if self._is_failing or self._is_stale(backlog):
                self._rewrite(backlog)
        except OSError as error:
            self._fail(error, now)

    def close(self, backlog: Backlog) -> None:
        """Let go of the file. What still waits in it is brought to the database by another process."""
        if self._journal is None:
            return
        self.tidy(backlog, self._retry_at)
        self._journal.close()
        self._journal = None

    def abandon(self) -> None:
        """Forget the parent's file, in a forked child."""
        if self._journal is not None:
            self._journal.abandon()
            self._journal = None

    def _is_stale(self, backlog: Backlog) -> bool:
        if self._journal is None or not self._journal.size:
            return False
        return backlog.is_empty() or self._journal.size > _LARGE + 2 * backlog.size()

    def _rewrite(self, backlog: Backlog) -> None:
        if self._journal is None:
            self._journal = Journal(self._folder)
        self._journal.replace(backlog.lines())
        if self._is_failing:
            self._is_failing = False
            _say("The log journal can be written again.")

    def _fail(self, error: OSError, now: float) -> None:
        if not self._is_failing:
            _say(
                f"The log journal in {self._folder} cannot be written ({error.strerror}). Logs go on in "
                "memory; a crash would lose those that the database does not have yet. Make room there."
            )
        self._is_failing = True
        self._retry_at = now + _RETRY_SECONDS


def _say(sentence: str) -> None:
    sys.stderr.write(f"{sentence}\n")
    sys.stderr.flush()
