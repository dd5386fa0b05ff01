from datetime import UTC, date, datetime, timedelta

import pytest
from sqlalchemy import Connection, func, select, text

from socialcube.db import partitions
from socialcube.domain.logs.models import TABLES
from socialcube.domain.logs.sink.rows import make_entry
from socialcube.domain.logs.sink.store import RowStore
from socialcube.domain.logs.types import Stream
from tests.factories.logs import make_bot_log
from tests.support.databases import Database

TABLE = TABLES[Stream.BOTS]
DAY = date(2031, 5, 6)
NOON = datetime(2031, 5, 6, 12, tzinfo=UTC)


def store(database: Database, *moments: datetime) -> None:
    RowStore(database.writes).write([make_entry(make_bot_log(occurred_at=moment)) for moment in moments])


def days_of(connection: Connection) -> list[str]:
    return [name for name in partitions.list_partitions(connection, TABLE.name) if "2031" in name]


def moments(database: Database) -> list[datetime]:
    with database.reads() as session:
        return list(session.scalars(select(TABLE.c.occurred_at).order_by(TABLE.c.occurred_at)))


def skip_without_partitions(database: Database) -> None:
    if database.kind == "sqlite":
        pytest.skip("SQLite keeps its tables whole")


def test_every_log_gets_a_partition_for_today_and_the_days_ahead(database: Database) -> None:
    made = partitions.ensure_partitions(database.engine, DAY, days_ahead=2)
    if database.kind == "sqlite":
        assert made == []
        return
    expected = {f"{table.name}_p203105{day}" for table in TABLES.values() for day in ("06", "07", "08")}
    assert expected <= set(made)
    assert "audit_logs_p20310508" in made
    assert partitions.ensure_partitions(database.engine, DAY, days_ahead=2) == []


def test_rows_that_came_before_their_partition_move_into_it(database: Database) -> None:
    skip_without_partitions(database)
    store(database, NOON, NOON + timedelta(days=3))
    partitions.ensure_partitions(database.engine, DAY, days_ahead=0)
    with database.engine.connect() as connection:
        inside = connection.scalar(text(f"SELECT count(*) FROM {TABLE.name}_p20310506"))  # noqa: S608 - a constant
        caught = connection.scalar(text(f"SELECT count(*) FROM {TABLE.name}_default"))  # noqa: S608 - a constant
    assert (inside, caught) == (1, 1)
    assert moments(database) == [NOON, NOON + timedelta(days=3)]


def test_a_row_of_midnight_belongs_to_the_day_it_begins(database: Database) -> None:
    skip_without_partitions(database)
    partitions.ensure_partitions(database.engine, DAY, days_ahead=1)
    store(database, datetime(2031, 5, 7, tzinfo=UTC))
    with database.engine.connect() as connection:
        assert connection.scalar(text(f"SELECT count(*) FROM {TABLE.name}_p20310507")) == 1  # noqa: S608 - a constant


def test_only_rows_before_the_moment_are_deleted(database: Database) -> None:
    partitions.ensure_partitions(database.engine, DAY, days_ahead=0)
    late = NOON - timedelta(days=40)
    store(database, late, NOON - timedelta(seconds=1), NOON, NOON + timedelta(days=400))
    partitions.delete_before(database.engine, TABLE.name, NOON)
    kept = moments(database)
    assert late not in kept
    assert NOON in kept
    assert NOON + timedelta(days=400) in kept


def test_a_day_goes_only_when_it_lies_wholly_before(database: Database) -> None:
    skip_without_partitions(database)
    partitions.ensure_partitions(database.engine, DAY, days_ahead=2)
    store(database, NOON, NOON + timedelta(days=1))
    partitions.delete_before(database.engine, TABLE.name, NOON + timedelta(days=1))
    with database.engine.connect() as connection:
        assert days_of(connection) == ["bot_logs_p20310507", "bot_logs_p20310508"]
    assert moments(database) == [NOON + timedelta(days=1)]


def test_many_rows_go_in_several_transactions(database: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(partitions, "_DELETE_ROWS", 3)
    store(database, *(NOON - timedelta(days=3900, seconds=number) for number in range(8)), NOON)
    assert partitions.delete_before(database.engine, TABLE.name, NOON - timedelta(days=3650)) == 8
    with database.reads() as session:
        assert session.scalar(select(func.count()).select_from(TABLE)) == 1
