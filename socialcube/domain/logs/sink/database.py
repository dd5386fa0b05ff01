"""The sink that shells use: two threads between a call that costs microseconds and a commit."""

import logging
import os
import threading
import time
import weakref
from collections import deque
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final

from sqlalchemy.orm import Session

from socialcube.domain.logs.ports import StreamNotifier
from socialcube.domain.logs.sink.announcer import Announcer
from socialcube.domain.logs.sink.backlog import Backlog
from socialcube.domain.logs.sink.keeper import Keeper
from socialcube.domain.logs.sink.limits import Limits
from socialcube.domain.logs.sink.replay import Replayer
from socialcube.domain.logs.sink.rows import Entry, make_entry
from socialcube.domain.logs.sink.store import RowStore
from socialcube.domain.logs.sink.writer import Writer
from socialcube.domain.logs.types import ErrorLogRecord, ErrorSource, LogRecord
from socialcube.kernel.clock import Clock, SystemClock

_log: Final = logging.getLogger(__name__)
_CHUNK: Final = 100


class DatabaseLogSink:
    """Stores records in the database of this process.

    One thread cleans records and keeps them in the crash journal soon, so that `kill -9` loses only
    what came in the last few milliseconds; another one commits batches. Both are green in a process
    that eventlet has patched. Start it after forking: a child begins with nothing of its parent's.

    Args:
        sessions: makes sessions that write.
        folder: where the journals of all processes on this disk lie.
        on_committed: hears the highest id of a stream after each commit.
        limits: what may wait for the database, beyond which the oldest debug rows go first; and times.
    """

    def __init__(
        self,
        sessions: Callable[[], Session],
        folder: Path,
        *,
        on_committed: StreamNotifier | None = None,
        clock: Clock | None = None,
        limits: Limits | None = None,
    ) -> None:
        self._clock = clock or SystemClock()
        self._limits = limits or Limits()
        self._store = RowStore(sessions)
        self._announcer = Announcer(on_committed)
        self._replayer = Replayer(self._store, self._announcer, folder)
        self._keeper = Keeper(folder)
        self._reset()
        _sinks.add(self)

    def _reset(self) -> None:
        self._intake: deque[LogRecord] = deque()
        self._room = self._limits.rows
        self._backlog = Backlog(self._limits)
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._counting = threading.Lock()
        self._drained = 0
        self._threads: tuple[threading.Thread, ...] = ()

    def put(self, record: LogRecord) -> None:
        """Take a record. Never waits, never raises; without room it is counted as dropped."""
        if len(self._intake) >= self._room:
            self._backlog.count_dropped(record.stream)
            return
        self._intake.append(record)
        if not self._wake.is_set():
            self._wake.set()

    def start(self) -> None:
        """Start the threads. Again is harmless, and needed in each forked child."""
        if self._threads:
            return
        self._threads = (
            threading.Thread(target=self._keep_until_stopped, name="log-keeper", daemon=True),
            threading.Thread(target=self._write_until_stopped, name="log-writer", daemon=True),
        )
        for thread in self._threads:
            thread.start()

    def flush(self, timeout: float) -> bool:
        """Wait until all that was put before is committed or given up. Gives False when time ran out."""
        with self._counting:
            count = self._drained + len(self._intake)
        self._wake.set()
        return self._backlog.wait_settled(count, timeout)

    def close(self, timeout: float = 5.0) -> bool:
        """Flush and stop. What is left then stays in the journal, for any process on this disk."""
        if not self._threads:
            return True
        flushed = self.flush(timeout)
        self._room = 0
        self._stopping.set()
        self._backlog.close()
        self._wake.set()
        for thread in self._threads:
            thread.join(timeout)
        self._threads = ()
        return flushed

    def _forget_parent(self) -> None:
        self._keeper.abandon()
        self._reset()

    def _keep_until_stopped(self) -> None:
        while not self._stopping.is_set():
            if self._wake.wait(self._limits.patience):
                self._keep_stream()
            self._wake.clear()
            self._keep_waiting()
        self._keep_waiting()
        self._keeper.close(self._backlog)

    def _keep_stream(self) -> None:
        """Look from time to time while records come: waking us costs who puts one more than all else."""
        while not self._stopping.is_set():
            time.sleep(self._limits.gather)
            if not self._intake:
                return
            self._keep_waiting()

    def _write_until_stopped(self) -> None:
        writer = Writer(self._store, self._backlog, self._announcer, self._limits, self._stopping)
        replay_at = self._clock.monotonic()
        while not self._stopping.is_set():
            if writer.write_next():
                self._report_dropped()
            # Committed rows may leave the journal, which belongs to the other thread.
            self._wake.set()
            if self._clock.monotonic() >= replay_at:
                self._replayer.bring_in_orphans()
                self._replayer.forget_damaged(self._clock.now().timestamp() - self._limits.damaged_kept)
                replay_at = self._clock.monotonic() + self._limits.replay_every

    def _keep_waiting(self) -> None:
        while records := self._drain():
            entries = self._clean(records)
            self._keeper.keep([entry.line for entry in entries], self._clock.monotonic())
            self._backlog.add(entries)
            # Lets others run between chunks, above all in a process whose threads are green.
            time.sleep(0)
        self._keeper.tidy(self._backlog, self._clock.monotonic())

    def _drain(self) -> list[LogRecord]:
        with self._counting:
            records = [self._intake.popleft() for _ in range(min(_CHUNK, len(self._intake)))]
            self._drained += len(records)
        return records

    def _clean(self, records: Sequence[LogRecord]) -> list[Entry]:
        entries = []
        for record in records:
            try:
                entries.append(make_entry(record))
            except Exception as error:  # noqa: BLE001 - a wrong record is its maker's mistake, not the sink's end
                _log.error("A %s is not storable: %s", type(record).__name__, error)
                self._backlog.settle(1)
        return entries

    def _report_dropped(self) -> None:
        dropped = self._backlog.take_dropped()
        if not dropped:
            return
        counts = ", ".join(f"{count} of {stream}" for stream, count in sorted(dropped.items()))
        sentence = f"Log rows were dropped because the database could not take them in time: {counts}."
        _log.error(sentence)
        self.put(
            ErrorLogRecord(
                occurred_at=self._clock.now(),
                source=ErrorSource.LOGS,
                code="log_rows_dropped",
                message=sentence,
                fingerprint="log_rows_dropped",
            )
        )


def _forget_parents() -> None:
    for sink in list(_sinks):
        sink._forget_parent()  # noqa: SLF001 - the hook belongs to the class


_sinks: Final[weakref.WeakSet[DatabaseLogSink]] = weakref.WeakSet()
os.register_at_fork(after_in_child=_forget_parents)
