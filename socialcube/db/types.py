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
    """The database's own clock plus some seconds: `now_plus(20)`. Leases live by it, not by ours."""

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
