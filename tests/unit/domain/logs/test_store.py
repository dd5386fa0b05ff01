from typing import Any

import pytest
from sqlalchemy import Engine
from sqlalchemy.exc import DataError, IntegrityError, OperationalError, StatementError
from sqlalchemy.orm import Session

from socialcube.db import bulk
from socialcube.db.session import read_sessions, write_sessions
from socialcube.domain.logs import queries
from socialcube.domain.logs.sink import store as store_module
from socialcube.domain.logs.sink.rows import Entry, make_entry
from socialcube.domain.logs.sink.store import RowStore, Stored
from socialcube.domain.logs.types import BotLogRecord, Stream
from tests.factories.logs import make_bot_log, make_command_log, make_request_log


def make_entries(*messages: str) -> list[Entry]:
    return [make_entry(make_bot_log(message=message)) for message in messages]


def messages(engine: Engine) -> list[str]:
    with read_sessions(engine)() as session:
        rows = queries.list_since(session, Stream.BOTS, 0, 1000)
    return [row.record.message for row in rows if isinstance(row.record, BotLogRecord)]


@pytest.fixture
def store(engine: Engine) -> RowStore:
    return RowStore(write_sessions(engine))


def refuse(monkeypatch: pytest.MonkeyPatch, message: str, error: Exception) -> None:
    """Make the database refuse each statement that holds this row."""
    real_insert = bulk.insert_rows

    def insert(connection: Any, table: Any, rows: Any, *, skip_existing: bool) -> None:
        if any(row.get("message") == message for row in rows):
            raise error
        real_insert(connection, table, rows, skip_existing=skip_existing)

    monkeypatch.setattr(store_module, "insert_rows", insert)


def test_streams_of_one_batch_are_numbered_apart(store: RowStore) -> None:
    batch = [make_entry(make()) for make in (make_request_log, make_bot_log, make_command_log, make_bot_log)]
    assert store.write(batch).highest == {Stream.REQUESTS: 1, Stream.BOTS: 2, Stream.COMMANDS: 1}


def test_writing_again_stores_only_what_is_missing(store: RowStore, engine: Engine) -> None:
    batch = make_entries("a", "b", "c")
    store.write(batch[:2])
    store.write(batch, again=True)
    assert messages(engine) == ["a", "b", "c"]


def test_a_first_write_that_meets_its_own_rows_goes_on_by_itself(store: RowStore, engine: Engine) -> None:
    batch = make_entries("a", "b")
    store.write(batch)
    assert store.write(batch).refused == ()
    assert messages(engine) == ["a", "b"]


@pytest.mark.parametrize(
    "error",
    [
        DataError("insert", None, ValueError()),
        IntegrityError("insert", None, ValueError()),
        StatementError("insert", "insert", None, ValueError()),
        OverflowError(),
        ValueError(),
    ],
    ids=lambda error: type(error).__name__,
)
@pytest.mark.parametrize("place", range(5))
def test_the_row_at_fault_is_found_and_left_out(
    store: RowStore, engine: Engine, monkeypatch: pytest.MonkeyPatch, error: Exception, place: int
) -> None:
    refuse(monkeypatch, "bad", error)
    names = ["a", "b", "c", "d"]
    names.insert(place, "bad")
    result = store.write(make_entries(*names))
    assert [entry.row["message"] for entry in result.refused] == ["bad"]
    assert messages(engine) == ["a", "b", "c", "d"]


def test_a_database_that_is_away_is_the_callers_to_wait_for(
    store: RowStore, engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        refuse(patch, "a", OperationalError("insert", None, ValueError()))
        with pytest.raises(OperationalError):
            store.write(make_entries("a", "b"))
    assert messages(engine) == []


def test_results_add_up() -> None:
    (entry,) = make_entries("a")
    total = Stored({Stream.BOTS: 4}, (entry,)) + Stored({Stream.BOTS: 7, Stream.ERRORS: 1})
    assert total == Stored({Stream.BOTS: 7, Stream.ERRORS: 1}, (entry,))


def test_the_session_is_closed_whatever_happens(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Session] = []
    sessions = write_sessions(engine)

    def remember() -> Session:
        made.append(sessions())
        return made[-1]

    refuse(monkeypatch, "a", OperationalError("insert", None, ValueError()))
    with pytest.raises(OperationalError):
        RowStore(remember).write(make_entries("a"))
    assert engine.pool.status().count("Current Checked out connections: 0") == 1
    assert not made[0].in_transaction()
