from typing import Any

import psycopg2.extensions
import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from socialcube.db import bulk
from socialcube.domain.logs.models import TABLES
from socialcube.domain.logs.sink.rows import make_entry
from socialcube.domain.logs.types import Stream
from tests.factories.logs import make_command_log
from tests.support.databases import Database

TABLE = TABLES[Stream.COMMANDS]
AWKWARD = [
    make_command_log(
        user_name="back\\slash", error_message="N is not \\N", options={"a": "tab\there\nand \\ 'so' \"on\""}
    ),
    make_command_log(guild_id=None, version=None, first_response_ms=None, command_id=None, trace=[]),
    make_command_log(command_name="ünï 🌱", options={"deep": [{"x": None}, 2.5, True]}, deferred=True),
]


def rows() -> list[dict[str, Any]]:
    return [{"id": number, **make_entry(record).row} for number, record in enumerate(AWKWARD, 1)]


def read(database: Database) -> list[dict[str, Any]]:
    with database.reads() as session:
        return [dict(row) for row in session.execute(select(TABLE).order_by(TABLE.c.id)).mappings()]


def green(monkeypatch: pytest.MonkeyPatch) -> None:
    """Pretend that the driver waits green, as in the web."""
    monkeypatch.setattr(psycopg2.extensions, "get_wait_callback", object)


@pytest.mark.parametrize("way", ["plain", "green", "skipping"])
def test_every_way_stores_the_same_rows(
    database: Database, way: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    if way == "green":
        green(monkeypatch)
    with database.writes() as session:
        bulk.insert_rows(session.connection(), TABLE, rows(), skip_existing=way == "skipping")
        session.commit()
    assert read(database) == rows()


def test_copy_is_used_only_where_it_works(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    with database.engine.connect() as connection:
        assert bulk.can_copy(connection) == (database.kind == "postgresql")
        green(monkeypatch)
        assert not bulk.can_copy(connection)


def test_existing_rows_are_skipped_and_new_ones_stored(database: Database) -> None:
    with database.writes() as session:
        bulk.insert_rows(session.connection(), TABLE, rows()[:2])
        bulk.insert_rows(session.connection(), TABLE, rows(), skip_existing=True)
        session.commit()
    assert read(database) == rows()


def test_a_duplicate_fails_as_any_statement_would(database: Database) -> None:
    with database.writes() as session:
        bulk.insert_rows(session.connection(), TABLE, rows())
        with pytest.raises(IntegrityError):
            bulk.insert_rows(session.connection(), TABLE, rows())


def test_no_rows_are_no_statement(database: Database) -> None:
    with database.writes() as session:
        bulk.insert_rows(session.connection(), TABLE, [])
        session.commit()
    assert read(database) == []
