import logging
import threading
from collections.abc import Callable, Sequence

import pytest
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from socialcube.domain.logs.sink.announcer import Announcer
from socialcube.domain.logs.sink.backlog import Backlog
from socialcube.domain.logs.sink.limits import Limits
from socialcube.domain.logs.sink.rows import Entry, make_entry
from socialcube.domain.logs.sink.store import RowStore, Stored
from socialcube.domain.logs.sink.writer import Writer
from socialcube.domain.logs.types import Stream
from tests.factories.logs import make_bot_log

QUICK = Limits(window=0, patience=0, first_delay=0, longest_delay=0)
SECRET = "the row of somebody"


class FakeStore(RowStore):
    """Refuses as often as told, then takes all."""

    def __init__(self, failures: int = 0, *, refused: Sequence[Entry] = ()) -> None:
        super().__init__(_no_session)
        self.failures = failures
        self.refused = refused
        self.calls: list[tuple[int, bool]] = []

    def write(self, entries: Sequence[Entry], *, again: bool = False) -> Stored:
        self.calls.append((len(entries), again))
        if len(self.calls) <= self.failures:
            raise OperationalError("INSERT", {"message": SECRET}, ConnectionError(f"gone\n{SECRET}"))
        return Stored({Stream.BOTS: 40 + len(entries)}, tuple(self.refused))


class Stopping(threading.Event):
    """Remembers the delays asked for instead of waiting, and stops after some."""

    def __init__(self, after: int = 1000) -> None:
        super().__init__()
        self.delays: list[float] = []
        self._after = after

    def wait(self, timeout: float | None = None) -> bool:
        self.delays.append(timeout or 0.0)
        return len(self.delays) >= self._after


def _no_session() -> Session:
    raise AssertionError


def make_writer(
    store: RowStore,
    *,
    notify: Callable[[Stream, int], None] | None = None,
    limits: Limits = QUICK,
    stopping: Stopping | None = None,
    rows: int = 3,
) -> tuple[Writer, Backlog]:
    backlog = Backlog(limits)
    backlog.add([make_entry(make_bot_log()) for _ in range(rows)])
    return Writer(store, backlog, Announcer(notify), limits, stopping or Stopping()), backlog


def test_a_batch_is_written_and_hinted_at() -> None:
    hints: list[tuple[Stream, int]] = []
    store = FakeStore()
    writer, backlog = make_writer(store, notify=lambda stream, highest: hints.append((stream, highest)))
    assert writer.write_next()
    assert store.calls == [(3, False)]
    assert hints == [(Stream.BOTS, 43)]
    assert backlog.is_empty()


def test_an_empty_backlog_writes_nothing() -> None:
    store = FakeStore()
    writer, _ = make_writer(store, rows=0)
    assert not writer.write_next()
    assert store.calls == []


def test_after_a_failure_rows_are_written_as_if_they_may_be_there() -> None:
    store = FakeStore(failures=2)
    writer, backlog = make_writer(store)
    assert writer.write_next()
    assert store.calls == [(3, False), (3, True), (3, True)]
    assert backlog.is_empty()


def test_delays_grow_to_their_longest_and_vary() -> None:
    stopping = Stopping()
    limits = Limits(window=0, patience=0, first_delay=0.1, longest_delay=1.0)
    writer, _ = make_writer(FakeStore(failures=30), limits=limits, stopping=stopping)
    writer.write_next()
    for delay, longest in zip(stopping.delays, [0.1, 0.2, 0.4, 0.8] + [1.0] * 26, strict=True):
        assert longest / 2 <= delay <= longest
    assert len(set(stopping.delays[4:])) > 1


def test_told_to_stop_it_leaves_the_rows_where_they_are() -> None:
    writer, backlog = make_writer(FakeStore(failures=99), stopping=Stopping(after=2))
    assert not writer.write_next()
    assert len(backlog.lines()) == 3


def test_an_outage_is_logged_once_without_its_rows(caplog: pytest.LogCaptureFixture) -> None:
    writer, _ = make_writer(FakeStore(failures=5))
    with caplog.at_level(logging.INFO):
        writer.write_next()
    assert [record.levelname for record in caplog.records] == ["WARNING", "INFO"]
    assert "ConnectionError: gone" in caplog.text
    assert SECRET not in caplog.text


def test_a_listener_that_fails_stops_nothing(caplog: pytest.LogCaptureFixture) -> None:
    def fail(_stream: Stream, _highest: int) -> None:
        raise ConnectionError("redis is away")

    writer, backlog = make_writer(FakeStore(), notify=fail)
    assert writer.write_next()
    assert backlog.is_empty()
    assert "redis is away" in caplog.text


def test_refused_rows_are_logged(caplog: pytest.LogCaptureFixture) -> None:
    writer, _ = make_writer(FakeStore(refused=[make_entry(make_bot_log(message=SECRET))]))
    writer.write_next()
    assert "stream bots cannot be stored" in caplog.text
    assert SECRET not in caplog.text
