import time
from collections.abc import Iterator
from dataclasses import fields
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

import psycopg2.extensions
import pytest
from sqlalchemy.orm import Session

from socialcube.domain.logs import queries
from socialcube.domain.logs.sink import DatabaseLogSink, Limits
from socialcube.domain.logs.sink.journal import SUFFIX
from socialcube.domain.logs.sink.rows import make_entry
from socialcube.domain.logs.sink.store import RowStore
from socialcube.domain.logs.types import (
    BotLogRecord,
    CommandLogRecord,
    ErrorLogRecord,
    LogRecord,
    RequestLogRecord,
    Stream,
)
from socialcube.kernel.secrets import MASK
from tests.factories.logs import make_bot_log, make_command_log, make_error_log, make_request_log
from tests.fakes.clock import START
from tests.support.databases import Database

PATIENCE = 30
QUICK = Limits(window=0.01, patience=0.05, first_delay=0.01, longest_delay=0.05, replay_every=0.1)
TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.Gabcde.abcdefghijklmnopqrstuvwxyz0123456789AB"


RecordT = TypeVar("RecordT", bound=LogRecord)


class Hints(dict[Stream, int]):
    """Remembers the highest id heard for each stream."""

    def __call__(self, stream: Stream, highest_id: int) -> None:
        self[stream] = highest_id


@pytest.fixture
def hints() -> Hints:
    return Hints()


@pytest.fixture
def sink(database: Database, tmp_path: Path, hints: Hints) -> Iterator[DatabaseLogSink]:
    sink = DatabaseLogSink(database.writes, tmp_path / "journal", on_committed=hints, limits=QUICK)
    sink.start()
    yield sink
    sink.close()


def stored(database: Database, kind: type[RecordT]) -> list[RecordT]:
    with database.reads() as session:
        rows = queries.list_since(session, kind.stream, 0, 10_000)
    return [row.record for row in rows if isinstance(row.record, kind)]


def test_every_kind_of_record_comes_back_as_it_was(database: Database, sink: DatabaseLogSink) -> None:
    records: list[LogRecord] = [
        make_command_log(),
        make_bot_log(data={"guild": "Greenhouse"}),
        make_request_log(),
        make_error_log(detail="first line\nsecond line"),
    ]
    for record in records:
        sink.put(record)
    assert sink.flush(PATIENCE)
    for record in records:
        (read,) = stored(database, type(record))
        for field in fields(record):
            expected = getattr(record, field.name)
            assert getattr(read, field.name) == (list(expected) if field.name == "trace" else expected)


def test_the_hint_names_the_last_committed_id(
    database: Database, sink: DatabaseLogSink, hints: Hints
) -> None:
    for _ in range(3):
        sink.put(make_bot_log())
    assert sink.flush(PATIENCE)
    with database.reads() as session:
        assert hints == {Stream.BOTS: queries.latest_id(session, Stream.BOTS)}


def test_ids_follow_the_order_of_put(database: Database, sink: DatabaseLogSink) -> None:
    records = [make_bot_log(message=str(number)) for number in range(1200)]
    for record in records:
        sink.put(record)
    assert sink.flush(PATIENCE)
    assert stored(database, BotLogRecord) == records


def test_green_driver_stores_the_same(
    database: Database, sink: DatabaseLogSink, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(psycopg2.extensions, "get_wait_callback", object)
    records = [make_bot_log(message=str(number)) for number in range(20)]
    for record in records:
        sink.put(record)
    assert sink.flush(PATIENCE)
    assert stored(database, BotLogRecord) == records


def test_hostile_text_reaches_neither_the_line_nor_the_database(
    database: Database, sink: DatabaseLogSink
) -> None:
    hostile = f"a\r\nb\x1b[31mc\u2028d\x00{TOKEN}\ud800" + "x" * 1_000_000
    sink.put(make_command_log(user_name=hostile, error_message=hostile, options={hostile: [hostile]}))
    sink.put(make_error_log(detail=hostile))
    assert sink.flush(PATIENCE)
    (command,), (error,) = stored(database, CommandLogRecord), stored(database, ErrorLogRecord)
    assert command.error_message.startswith(f"a bc d {MASK}")
    assert len(command.user_name) == 100
    assert error.detail.startswith(f"a\nbc\nd{MASK}")
    assert TOKEN[:30] not in repr(command) + repr(error)
    assert len(repr(command)) < 40_000


def test_a_record_that_cannot_be_stored_takes_no_other_with_it(
    database: Database, sink: DatabaseLogSink
) -> None:
    good = [make_request_log(request_id=str(number)) for number in range(5)]
    for record in (*good[:2], make_request_log(status=2**40), make_request_log(status="x"), *good[2:]):
        sink.put(record)
    assert sink.flush(PATIENCE)
    assert stored(database, RequestLogRecord) == good


def test_a_row_that_only_the_database_refuses_is_left_out(database: Database) -> None:
    if database.kind == "sqlite":
        pytest.skip("SQLite takes any text of any length")
    good = [make_bot_log(message=str(number)) for number in range(7)]
    entries = [make_entry(record) for record in good]
    refused = make_entry(make_bot_log())
    refused.row["level"] = "far too long for its column"
    result = RowStore(database.writes).write([*entries[:3], refused, *entries[3:]])
    assert result.refused == (refused,)
    assert stored(database, BotLogRecord) == good


def test_a_record_put_twice_is_stored_once(database: Database, sink: DatabaseLogSink) -> None:
    record, other = make_bot_log(), make_bot_log(message="Another.")
    for again in (record, other, record):
        sink.put(again)
    assert sink.flush(PATIENCE)
    sink.put(record)
    assert sink.flush(PATIENCE)
    assert stored(database, BotLogRecord) == [record, other]


def test_rows_wait_for_a_database_that_is_away_and_keep_their_order(
    database: Database, tmp_path: Path
) -> None:
    away = True

    def sessions() -> Session:
        if away:
            raise ConnectionError
        return database.writes()

    sink = DatabaseLogSink(sessions, tmp_path / "journal", limits=QUICK)
    sink.start()
    records = [make_bot_log(message=str(number)) for number in range(50)]
    for record in records:
        sink.put(record)
    assert not sink.flush(0.2)
    away = False
    assert sink.flush(PATIENCE)
    assert stored(database, BotLogRecord) == records
    sink.close()


def test_what_could_not_be_written_before_the_end_is_brought_in_by_another_process(
    database: Database, tmp_path: Path
) -> None:
    def away() -> Session:
        raise ConnectionError

    first = DatabaseLogSink(away, tmp_path / "journal", limits=QUICK)
    first.start()
    records = [make_bot_log(message=str(number)) for number in range(10)]
    for record in records:
        first.put(record)
    assert not first.close(0.2)
    second = DatabaseLogSink(database.writes, tmp_path / "journal", limits=QUICK)
    second.start()
    deadline = time.monotonic() + PATIENCE
    while len(stored(database, BotLogRecord)) < len(records) and time.monotonic() < deadline:
        time.sleep(0.02)
    assert stored(database, BotLogRecord) == records
    second.close()
    assert list((tmp_path / "journal").glob(f"*{SUFFIX}")) == []


def test_dropped_rows_are_counted_in_the_log_once_the_database_is_back(
    database: Database, tmp_path: Path
) -> None:
    away = True

    def sessions() -> Session:
        if away:
            raise ConnectionError
        return database.writes()

    sink = DatabaseLogSink(sessions, tmp_path / "journal", limits=Limits(rows=20, window=0, first_delay=0.01))
    sink.start()
    for number in range(3000):
        sink.put(make_bot_log(message=str(number), occurred_at=START + timedelta(seconds=number)))
        if number % 10 == 0:
            time.sleep(0.001)
    away = False
    assert sink.flush(PATIENCE)
    sink.put(make_bot_log(message="last"))
    assert sink.flush(PATIENCE)
    deadline = time.monotonic() + PATIENCE
    while not stored(database, ErrorLogRecord) and time.monotonic() < deadline:
        sink.flush(0.1)
    told = sum(
        int(record.message.rpartition(": ")[2].split()[0]) for record in stored(database, ErrorLogRecord)
    )
    assert told == 3001 - len(stored(database, BotLogRecord))
    assert told > 0
    sink.close()
