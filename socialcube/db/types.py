"""Column types that mean the same on both databases."""

from datetime import UTC, datetime
from typing import Any, Final

from sqlalchemy import JSON, BigInteger, DateTime, Dialect
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeDecorator

JSONValue: Final = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")

_SQLITE_FORMAT: Final = "'%Y-%m-%d %H:%M:%f000'"


class UTCDateTime(TypeDecorator[datetime]):
    """An aware moment in UTC. SQLite keeps it as text without an offset, so it is put back on reading.

    Raises:
        ValueError: a naive datetime is written.
    """

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Turn an aware moment into UTC, without its offset for SQLite."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone")
        moment = value.astimezone(UTC)
        return moment.replace(tzinfo=None) if dialect.name == "sqlite" else moment

    def process_result_value(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """Give the moment back, aware and in UTC."""
        del dialect
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Snowflake(TypeDecorator[int]):
    """An outside id of 64 bits. Discord's are unsigned but stay below 2**63 until the year 2084."""

    impl = BigInteger
    cache_ok = True


class now_plus(FunctionElement[datetime]):  # noqa: N801 - reads as the SQL function that it is
    """The database's own clock plus some seconds: `now_plus(20)`. What all count together lives by it."""

    type = UTCDateTime()
    inherit_cache = True


@compiles(now_plus, "sqlite")
def _now_plus_sqlite(element: now_plus, compiler: SQLCompiler, **kw: Any) -> str:
    seconds = compiler.process(element.clauses, **kw)
    return f"strftime({_SQLITE_FORMAT}, 'now', ({seconds}) || ' seconds')"


@compiles(now_plus, "postgresql")
def _now_plus_postgresql(element: now_plus, compiler: SQLCompiler, **kw: Any) -> str:
    seconds = compiler.process(element.clauses, **kw)
    return f"(clock_timestamp() + make_interval(secs => {seconds}))"


class number_at(FunctionElement[int]):  # noqa: N801 - reads as the SQL function that it is
    """The number that a JSON object holds by a key, both of them columns: `number_at(json, key)`."""

    type = BigInteger()
    inherit_cache = True


@compiles(number_at, "sqlite")
def _number_at_sqlite(element: number_at, compiler: SQLCompiler, **kw: Any) -> str:
    held, key = (compiler.process(clause, **kw) for clause in element.clauses)
    # Its `->>` takes a key that is all digits for a place in a list.
    return f"CAST(json_extract({held}, '$.\"' || {key} || '\"') AS INTEGER)"


@compiles(number_at, "postgresql")
def _number_at_postgresql(element: number_at, compiler: SQLCompiler, **kw: Any) -> str:
    held, key = (compiler.process(clause, **kw) for clause in element.clauses)
    return f"CAST(({held} ->> CAST({key} AS VARCHAR)) AS BIGINT)"


class start_of_minute(FunctionElement[datetime]):  # noqa: N801 - reads as the SQL function that it is
    """The minute that a moment lies in, in UTC."""

    type = UTCDateTime()
    inherit_cache = True
    unit = "minute"
    sqlite_format = "'%Y-%m-%d %H:%M:00.000000'"


class start_of_hour(start_of_minute):  # noqa: N801 - reads as the SQL function that it is
    """The hour that a moment lies in, in UTC."""

    inherit_cache = True
    unit = "hour"
    sqlite_format = "'%Y-%m-%d %H:00:00.000000'"


@compiles(start_of_minute, "sqlite")
def _start_of_sqlite(element: start_of_minute, compiler: SQLCompiler, **kw: Any) -> str:
    return f"strftime({element.sqlite_format}, {compiler.process(element.clauses, **kw)})"


@compiles(start_of_minute, "postgresql")
def _start_of_postgresql(element: start_of_minute, compiler: SQLCompiler, **kw: Any) -> str:
    # The third argument matters where a time zone is not whole hours away from UTC.
    return f"date_trunc('{element.unit}', {compiler.process(element.clauses, **kw)}, 'UTC')"
