"""Rows that wait for the database: bounded, in order, and able to say when all of them are through."""

import threading
from collections import Counter, deque
from collections.abc import Sequence
from typing import Final

from socialcube.domain.logs.sink.limits import Limits
from socialcube.domain.logs.sink.rows import Entry
from socialcube.domain.logs.types import Level, Stream

_GOAL: Final = 0.9


class Backlog:
    """A queue with one producer, one consumer and any number of people who wait for it."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._turn = threading.Condition()
        self._waiting: deque[Entry] = deque()
        self._taken: Sequence[Entry] = ()
        self._size = 0
        self._enough = 0
        self._settled = 0
        self._dropped: Counter[Stream] = Counter()
        self._closed = False

    def add(self, entries: Sequence[Entry]) -> None:
        """Append rows. When there are too many, the oldest debug rows go, then the oldest ones."""
        with self._turn:
            is_news = not self._waiting
            self._waiting.extend(entries)
            self._size += sum(len(entry.line) for entry in entries)
            if self._is_over(1.0):
                self._thin_out()
                is_news = True
            # Whoever waits for company is not woken by each row that comes.
            if is_news or len(self._waiting) >= self._enough:
                self._turn.notify_all()

    def settle(self, count: int) -> None:
        """Count rows that will never come here, for those who wait."""
        with self._turn:
            self._settled += count
            self._turn.notify_all()

    def take(self, limit: int, *, patience: float, window: float) -> Sequence[Entry]:
        """Give the next batch. It stays ours to finish.

        Args:
            limit: rows at most.
            patience: seconds to wait for a first row.
            window: seconds to wait for more after it, up to the limit.
        """
        with self._turn:
            self._enough = limit
            self._turn.wait_for(lambda: self._waiting or self._closed, patience)
            if self._waiting:
                self._turn.wait_for(lambda: len(self._waiting) >= limit or self._closed, window)
            self._taken = [self._waiting.popleft() for _ in range(min(limit, len(self._waiting)))]
            self._size -= sum(len(entry.line) for entry in self._taken)
            return self._taken

    def finish(self) -> None:
        """Say that the batch taken last is through."""
        with self._turn:
            self._settled += len(self._taken)
            self._taken = ()
            self._turn.notify_all()

    def wait_settled(self, count: int, timeout: float) -> bool:
        """Wait until so many rows are through since the start. Gives False when time ran out."""
        with self._turn:
            return self._turn.wait_for(lambda: self._settled >= count, timeout)

    def lines(self) -> list[bytes]:
        """Give the journal lines of all rows that are not through."""
        with self._turn:
            return [entry.line for entry in (*self._taken, *self._waiting)]

    def size(self) -> int:
        """Give the bytes of those lines, without those of the batch in hand."""
        with self._turn:
            return self._size

    def is_empty(self) -> bool:
        """Tell whether every row is through."""
        with self._turn:
            return not self._taken and not self._waiting

    def take_dropped(self) -> Counter[Stream]:
        """Give how many rows were dropped since the last time, per stream."""
        with self._turn:
            dropped, self._dropped = self._dropped, Counter()
            return dropped

    def count_dropped(self, stream: Stream) -> None:
        """Count a row that found no room before it came here."""
        with self._turn:
            self._dropped[stream] += 1

    def close(self) -> None:
        """Wake whoever waits for a first row: none will come."""
        with self._turn:
            self._closed = True
            self._turn.notify_all()

    def _is_over(self, share: float, kept: int = 0) -> bool:
        rows = kept + len(self._waiting)
        return rows > self._limits.rows * share or self._size > self._limits.size * share

    def _thin_out(self) -> None:
        """Make a tenth of room, so that a full backlog is not searched again at every row."""
        kept: deque[Entry] = deque()
        while self._waiting and self._is_over(_GOAL, len(kept)):
            entry = self._waiting.popleft()
            if entry.row.get("level") == Level.DEBUG:
                self._drop(entry)
            else:
                kept.append(entry)
        kept.extend(self._waiting)
        self._waiting = kept
        while self._is_over(_GOAL):
            self._drop(self._waiting.popleft())

    def _drop(self, entry: Entry) -> None:
        self._dropped[entry.stream] += 1
        self._settled += 1
        self._size -= len(entry.line)
