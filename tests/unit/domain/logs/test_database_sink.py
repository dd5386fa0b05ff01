import os
import time
from pathlib import Path

import pytest
from sqlalchemy.orm import Session

from socialcube.domain.logs.sink import DatabaseLogSink, Limits
from socialcube.domain.logs.sink.journal import Journal, find_orphans
from tests.factories.logs import make_bot_log


def away() -> Session:
    raise ConnectionError


@pytest.fixture
def sink(tmp_path: Path) -> DatabaseLogSink:
    return DatabaseLogSink(away, tmp_path, limits=Limits(rows=5, window=0))


def test_before_the_start_records_wait_within_their_bounds(sink: DatabaseLogSink) -> None:
    for _ in range(8):
        sink.put(make_bot_log())
    assert len(sink._intake) == 5
    assert sum(sink._backlog.take_dropped().values()) == 3


def test_closing_what_never_started_is_harmless(sink: DatabaseLogSink, tmp_path: Path) -> None:
    assert sink.close()
    assert list(tmp_path.iterdir()) == []


def test_starting_twice_starts_once(sink: DatabaseLogSink) -> None:
    sink.start()
    threads = sink._threads
    sink.start()
    assert sink._threads == threads
    sink.close(0.1)


def test_after_the_end_records_are_refused_quietly(sink: DatabaseLogSink) -> None:
    sink.start()
    sink.close(0.1)
    sink.put(make_bot_log())
    assert len(sink._intake) == 0


def test_nothing_costs_its_maker_more_than_microseconds(sink: DatabaseLogSink) -> None:
    record = make_bot_log()
    times = []
    for _ in range(2000):
        started = time.perf_counter()
        sink.put(record)
        times.append(time.perf_counter() - started)
    assert sorted(times)[1000] < 50e-6


def test_a_forked_child_has_nothing_of_its_parents(sink: DatabaseLogSink, tmp_path: Path) -> None:
    sink._keeper.keep([b"of the parent\n"], 0.0)
    sink.put(make_bot_log())
    ours, theirs = os.pipe()
    child = os.fork()
    if child == 0:
        # A child that held the parent's journal open would keep it locked after the parent's death.
        clean = not sink._intake and not sink._threads and sink._keeper._journal is None
        os.write(theirs, b"y" if clean else b"n")
        os._exit(0)
    os.waitpid(child, 0)
    assert os.read(ours, 1) == b"y"
    os.close(ours)
    os.close(theirs)
    assert len(sink._intake) == 1
    assert list(find_orphans(tmp_path)) == []
    assert isinstance(sink._keeper._journal, Journal)
    sink._keeper.abandon()
