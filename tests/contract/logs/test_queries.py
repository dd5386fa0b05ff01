from collections.abc import Sequence
from datetime import timedelta

import pytest

from socialcube.domain.logs import queries, service
from socialcube.domain.logs.documents import LogFilter
from socialcube.domain.logs.sink.rows import make_entry
from socialcube.domain.logs.sink.store import RowStore
from socialcube.domain.logs.types import (
    BotLogRecord,
    CommandLogRecord,
    ErrorLogRecord,
    Level,
    LogRecord,
    Outcome,
    Stream,
)
from socialcube.kernel.settings import RetentionSettings
from tests.factories.logs import (
    BOT,
    OTHER_BOT,
    make_bot_log,
    make_command_log,
    make_error_log,
    make_request_log,
)
from tests.fakes.clock import START
from tests.support.databases import Database


def store(database: Database, records: Sequence[LogRecord]) -> None:
    RowStore(database.writes).write([make_entry(record) for record in records])


def command_names(database: Database, filters: LogFilter) -> list[str]:
    with database.reads() as session:
        rows = queries.list_since(session, Stream.COMMANDS, 0, 100, filters)
    return [row.record.command_name for row in rows if isinstance(row.record, CommandLogRecord)]


@pytest.fixture
def runs(database: Database) -> Database:
    """Four runs, each of which one filter must leave out."""
    store(
        database,
        [
            make_command_log(command_name="hello", user_name="Mara"),
            make_command_log(command_name="roll", bot_id=OTHER_BOT, user_name="Theo"),
            make_command_log(command_name="fail", outcome=Outcome.FAILED, error_message="100% broken_name"),
            make_command_log(command_name="late", occurred_at=START + timedelta(hours=1)),
        ],
    )
    return database


def test_since_gives_what_follows_in_order_and_before_the_newest_first(runs: Database) -> None:
    with runs.reads() as session:
        latest = queries.latest_id(session, Stream.COMMANDS)
        since = [row.id for row in queries.list_since(session, Stream.COMMANDS, latest - 3, 2)]
        before = [row.id for row in queries.list_before(session, Stream.COMMANDS, latest, 2)]
        newest = [row.id for row in queries.list_before(session, Stream.COMMANDS, None, 1)]
    assert since == [latest - 2, latest - 1]
    assert before == [latest - 1, latest - 2]
    assert newest == [latest]


@pytest.mark.parametrize(
    ("filters", "expected"),
    [
        (LogFilter(), ["hello", "roll", "fail", "late"]),
        (LogFilter(bot_ids=frozenset({OTHER_BOT})), ["roll"]),
        (LogFilter(bot_ids=frozenset()), []),
        (LogFilter(bot_ids=frozenset({BOT, OTHER_BOT}), command="roll"), ["roll"]),
        (LogFilter(outcome="failed"), ["fail"]),
        (LogFilter(text="mARA"), ["hello", "fail", "late"]),
        (LogFilter(text="100%"), ["fail"]),
        (LogFilter(text="n_n"), ["fail"]),
        (LogFilter(text="_%"), []),
        (LogFilter(text="' OR 1=1 --"), []),
        (LogFilter(after=START + timedelta(hours=1)), ["late"]),
        (LogFilter(before=START + timedelta(hours=1)), ["hello", "roll", "fail"]),
        (LogFilter(level="error"), ["hello", "roll", "fail", "late"]),
    ],
)
def test_filters_leave_out_all_else(runs: Database, filters: LogFilter, expected: list[str]) -> None:
    assert command_names(runs, filters) == expected


def test_rows_of_no_bot_are_not_shown_for_a_bot(database: Database) -> None:
    store(database, [make_error_log(), make_error_log(bot_id=BOT, code="mine")])
    with database.reads() as session:
        (row,) = queries.list_since(session, Stream.ERRORS, 0, 10, LogFilter(bot_ids=frozenset({BOT})))
        everything = queries.list_since(session, Stream.ERRORS, 0, 10)
    assert isinstance(row.record, ErrorLogRecord)
    assert row.record.code == "mine"
    assert len(everything) == 2


def test_levels_filter_bot_events(database: Database) -> None:
    store(database, [make_bot_log(level=Level.DEBUG), make_bot_log(level=Level.ERROR, kind="stopped")])
    with database.reads() as session:
        (row,) = queries.list_since(session, Stream.BOTS, 0, 10, LogFilter(level="error"))
    assert isinstance(row.record, BotLogRecord)
    assert row.record.kind == "stopped"


def test_latest_id_is_zero_before_the_first_row(database: Database) -> None:
    store(database, [make_request_log()])
    with database.reads() as session:
        assert queries.latest_id(session, Stream.BOTS) == 0
        assert queries.latest_id(session, Stream.REQUESTS) == 1


def test_retention_deletes_each_stream_by_its_own_days(database: Database) -> None:
    old = START - timedelta(days=20)
    for made in (make_command_log, make_bot_log, make_request_log, make_error_log):
        store(database, [made(occurred_at=old), made(occurred_at=START)])
    retention = RetentionSettings(commands=90, bot_events=30, requests=14, errors=10, audit=365)
    service.delete_expired(database.engine, retention, START)
    with database.reads() as session:
        left = {stream: len(queries.list_since(session, stream, 0)) for stream in Stream}
    assert left == {Stream.COMMANDS: 2, Stream.BOTS: 2, Stream.REQUESTS: 1, Stream.ERRORS: 1}


def test_ids_go_on_after_everything_was_deleted(database: Database) -> None:
    store(database, [make_request_log()])
    retention = RetentionSettings(commands=1, bot_events=1, requests=1, errors=1, audit=1)
    service.delete_expired(database.engine, retention, START + timedelta(days=2))
    store(database, [make_request_log()])
    with database.reads() as session:
        (row,) = queries.list_since(session, Stream.REQUESTS, 1)
    assert row.id == 2
