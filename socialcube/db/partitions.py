"""Tables that PostgreSQL keeps in one partition a day, in UTC. SQLite keeps them whole.

A default partition beside the days catches rows that come late or too early, so that a wrong clock
or a forgotten release never loses one.
"""

from collections.abc import Collection, Iterable
from datetime import UTC, date, datetime, time, timedelta
from typing import Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Engine,
    column,
    delete,
    literal_column,
    not_,
    select,
    table,
    text,
)

from socialcube.db.session import WRITE
from socialcube.db.types import UTCDateTime

BY_DAY: Final = {"postgresql_partition_by": "RANGE (occurred_at)"}
"""Table arguments of a partitioned table. Its moment must be a part of every unique key."""

_DELETE_ROWS: Final = 5000
_DAY, _TICK = timedelta(days=1), timedelta.resolution
_SHORT_LOCK: Final = "SET LOCAL lock_timeout = '5s'"
_LOCK_KEY: Final = 0x5C1D_0001
_TABLES: Final = text(
    "SELECT relname FROM pg_class WHERE relkind = 'p' AND relnamespace = current_schema()::regnamespace "
    "ORDER BY relname"
)
_PARTITIONS: Final = text(
    "SELECT child.relname FROM pg_inherits JOIN pg_class child ON child.oid = inhrelid "
    "JOIN pg_class parent ON parent.oid = inhparent WHERE parent.relname = :parent "
    "AND parent.relnamespace = current_schema()::regnamespace ORDER BY child.relname"
)
_IS_PARTITION: Final = text(
    "SELECT relispartition FROM pg_class WHERE relname = :name "
    "AND relnamespace = current_schema()::regnamespace"
)


def list_partitioned(connection: Connection) -> list[str]:
    """Give the names of the tables that are split by day. SQLite has none."""
    return list(connection.scalars(_TABLES)) if connection.dialect.name == "postgresql" else []


def list_partitions(connection: Connection, name: str) -> list[str]:
    """Give the names of a table's partitions, the days in order, then the default one."""
    return list(connection.scalars(_PARTITIONS, {"parent": name}))


def is_partition(connection: Connection, name: str) -> bool:
    """Tell whether a table is a part of another one."""
    return connection.dialect.name == "postgresql" and bool(connection.scalar(_IS_PARTITION, {"name": name}))


def ensure_partitions(engine: Engine, today: date, days_ahead: int = 7) -> list[str]:
    """Make the partitions of today and the days to come. Gives the names of those that were missing.

    Safe to run at any time and in several processes at once.
    """
    days = [today + timedelta(days=offset) for offset in range(days_ahead + 1)]
    with engine.connect() as connection:
        missing = [
            (name, day)
            for name in list_partitioned(connection)
            for day in sorted(set(days) - _days_present(connection, name, days))
        ]
    return [_day_name(name, day) for name, day in missing if _make_day(engine, name, day)]


def delete_before(engine: Engine, name: str, moment: datetime, *, keep: Collection[date] = ()) -> int:
    """Delete the rows of a table that are older than a moment, but for days to keep, in small transactions.

    PostgreSQL drops each day that lies wholly before it; what the default partition caught goes row by
    row, as on SQLite. Gives how many whole days and single rows went.
    """
    with engine.connect() as connection:
        partitioned = name in list_partitioned(connection)
        partitions = list_partitions(connection, name) if partitioned else []
    first_kept = _day_name(name, moment.astimezone(UTC).date())
    spared = {_default(name), *(_day_name(name, day) for day in keep)}
    days = [day for day in partitions if day not in spared and day < first_kept]
    for day in days:
        _drop(engine, day)
    return len(days) + _delete_rows(engine, _default(name) if partitioned else name, moment, keep)


def _day_name(name: str, day: date) -> str:
    return f"{name}_p{day:%Y%m%d}"


def _default(name: str) -> str:
    return f"{name}_default"


def _days_present(connection: Connection, name: str, days: Iterable[date]) -> set[date]:
    existing = set(list_partitions(connection, name))
    return {day for day in days if _day_name(name, day) in existing}


def _make_day(engine: Engine, parent: str, day: date) -> bool:
    """Make one day's partition beside the table, then attach it: writers of other days go on.

    Rows of that day that the default partition caught move into it. Gives False when another process
    was quicker.
    """
    name, default = _day_name(parent, day), _default(parent)
    start = datetime.combine(day, time(), UTC).isoformat()
    end = datetime.combine(day + timedelta(days=1), time(), UTC).isoformat()
    with engine.begin() as connection:
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _LOCK_KEY})
        if _days_present(connection, parent, [day]):
            return False
        run = connection.exec_driver_sql
        run(_SHORT_LOCK)
        run(f"LOCK TABLE {default} IN ACCESS EXCLUSIVE MODE")
        run(f"CREATE TABLE {name} (LIKE {parent} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)")
        run(
            f"WITH moved AS (DELETE FROM {default} "  # noqa: S608 - names from the catalogue, moments of our own
            f"WHERE occurred_at >= '{start}' AND occurred_at < '{end}' RETURNING *) "
            f"INSERT INTO {name} SELECT * FROM moved"
        )
        run(f"ALTER TABLE {parent} ATTACH PARTITION {name} FOR VALUES FROM ('{start}') TO ('{end}')")
    return True


def _drop(engine: Engine, partition: str) -> None:
    with engine.begin() as connection:
        connection.exec_driver_sql(_SHORT_LOCK)
        connection.exec_driver_sql(f"DROP TABLE {partition}")


def _delete_rows(engine: Engine, name: str, moment: datetime, keep: Collection[date]) -> int:
    rows = table(name, column("occurred_at", UTCDateTime))
    place: ColumnElement[object] = literal_column("rowid" if engine.dialect.name == "sqlite" else "ctid")
    old = select(place).select_from(rows).where(rows.c.occurred_at < moment).limit(_DELETE_ROWS)
    for day in keep:
        start = datetime.combine(day, time(), UTC)
        old = old.where(not_(rows.c.occurred_at.between(start, start + _DAY - _TICK)))
    deleted, gone = _DELETE_ROWS, 0
    while deleted == _DELETE_ROWS:
        with engine.execution_options(**WRITE).begin() as connection:
            deleted = connection.execute(delete(rows).where(place.in_(old))).rowcount
        gone += deleted
    return gone
