"""Tables of the streams. The sink alone writes them.

A String column holds one line and is cut at its length, a Text column holds many lines. PostgreSQL
partitions every table by day; each of its unique keys must then contain the moment, while the mapper
knows a row by its id alone.
"""

from datetime import datetime
from typing import Any, ClassVar
from uuid import UUID

from sqlalchemy import BigInteger, Index, String, Table, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, declared_attr, mapped_column

from socialcube.db.base import Base
from socialcube.db.partitions import BY_DAY
from socialcube.db.stream_ids import StreamIds
from socialcube.db.types import JSONValue, Snowflake
from socialcube.domain.logs.types import Stream


class _StreamRow:
    """Mixin: the columns and keys that every stream has."""

    occurred_at: Mapped[datetime] = mapped_column(primary_key=True, sort_order=-3)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False, sort_order=-2)
    event_id: Mapped[UUID] = mapped_column(sort_order=-1)

    __mapper_args__ = {"primary_key": ["id"]}  # noqa: RUF012 - SQLAlchemy's own form

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        return (*_keys(), BY_DAY)


class _BotStreamRow(_StreamRow):
    """Mixin: a stream whose lists are filtered by bot, and some by what went wrong.

    `trouble` is the condition of the few rows that the second filter is about.
    """

    trouble: ClassVar[str] = ""

    @declared_attr.directive
    @classmethod
    def __table_args__(cls) -> tuple[Any, ...]:
        return (*_keys(), Index(None, "bot_id", "occurred_at", "id"), *_trouble(cls), BY_DAY)


def _keys() -> tuple[UniqueConstraint, Index]:
    return UniqueConstraint("occurred_at", "event_id"), Index(None, "id")


def _trouble(model: Any) -> tuple[Index, ...]:
    if not model.trouble:
        return ()
    rows = text(model.trouble)
    name = f"ix_{model.__tablename__}_trouble"
    return (Index(name, "occurred_at", "id", postgresql_where=rows, sqlite_where=rows),)


class CommandLog(_BotStreamRow, Base):
    """One run of a command."""

    __tablename__ = "command_logs"
    trouble = "outcome <> 'succeeded'"

    bot_id: Mapped[UUID]
    command_id: Mapped[UUID | None]
    command_name: Mapped[str] = mapped_column(String(100))
    version: Mapped[int | None]
    guild_id: Mapped[int | None] = mapped_column(Snowflake)
    guild_name: Mapped[str] = mapped_column(String(100))
    channel_id: Mapped[int | None] = mapped_column(Snowflake)
    user_id: Mapped[int] = mapped_column(Snowflake)
    user_name: Mapped[str] = mapped_column(String(100))
    outcome: Mapped[str] = mapped_column(String(32))
    error_code: Mapped[str] = mapped_column(String(64))
    error_message: Mapped[str] = mapped_column(String(1000))
    node_path: Mapped[str] = mapped_column(String(255))
    duration_ms: Mapped[float]
    first_response_ms: Mapped[float | None]
    deferred: Mapped[bool]
    options: Mapped[dict[str, object]] = mapped_column(JSONValue)
    trace: Mapped[list[object]] = mapped_column(JSONValue)


class BotLog(_BotStreamRow, Base):
    """Something that happened to a bot."""

    __tablename__ = "bot_logs"
    trouble = "level IN ('warning', 'error')"

    bot_id: Mapped[UUID]
    runner_id: Mapped[UUID | None]
    level: Mapped[str] = mapped_column(String(16))
    kind: Mapped[str] = mapped_column(String(64))
    message: Mapped[str] = mapped_column(String(1000))
    data: Mapped[dict[str, object]] = mapped_column(JSONValue)


class RequestLog(_StreamRow, Base):
    """One answered HTTP request."""

    __tablename__ = "request_logs"

    request_id: Mapped[str] = mapped_column(String(64))
    method: Mapped[str] = mapped_column(String(16))
    path: Mapped[str] = mapped_column(String(1000))
    status: Mapped[int]
    duration_ms: Mapped[float]
    user: Mapped[str] = mapped_column(String(80))
    address: Mapped[str] = mapped_column(String(64))
    agent: Mapped[str] = mapped_column(String(255))


class ErrorLog(_BotStreamRow, Base):
    """One failure that somebody should look at."""

    __tablename__ = "error_logs"

    bot_id: Mapped[UUID | None]
    source: Mapped[str] = mapped_column(String(16))
    code: Mapped[str] = mapped_column(String(64))
    message: Mapped[str] = mapped_column(String(1000))
    place: Mapped[str] = mapped_column(String(255))
    detail: Mapped[str] = mapped_column(Text)
    fingerprint: Mapped[str] = mapped_column(String(64))
    trace_id: Mapped[str] = mapped_column(String(64))


TABLES: dict[Stream, Table] = {
    Stream.COMMANDS: Base.metadata.tables[CommandLog.__tablename__],
    Stream.BOTS: Base.metadata.tables[BotLog.__tablename__],
    Stream.REQUESTS: Base.metadata.tables[RequestLog.__tablename__],
    Stream.ERRORS: Base.metadata.tables[ErrorLog.__tablename__],
}

IDS: dict[Stream, StreamIds] = {stream: StreamIds(table.name) for stream, table in TABLES.items()}
