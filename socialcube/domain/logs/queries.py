"""Reads of the streams, by id and never by offset: page ten thousand costs what page one costs."""

from collections.abc import Iterator
from typing import Any, Final

from sqlalchemy import ColumnElement, Row, Select, Table, func, or_, select
from sqlalchemy.orm import Session

from socialcube.domain.logs.documents import ANYTHING, LogFilter
from socialcube.domain.logs.models import TABLES
from socialcube.domain.logs.types import RECORD_TYPES, LogRow, Stream

_SEARCHED: Final = {
    Stream.COMMANDS: ("command_name", "user_name", "guild_name", "error_message"),
    Stream.BOTS: ("kind", "message"),
    Stream.REQUESTS: ("path", "user", "request_id"),
    Stream.ERRORS: ("code", "message", "place"),
}


def list_since(
    session: Session, stream: Stream, since_id: int, limit: int = 100, filters: LogFilter = ANYTHING
) -> list[LogRow]:
    """Give committed rows with greater ids, in commit order. Following so misses nothing."""
    table = TABLES[stream]
    query = _filtered(stream, filters).where(table.c.id > since_id).order_by(table.c.id).limit(limit)
    return [_log_row(stream, row) for row in session.execute(query)]


def list_before(
    session: Session, stream: Stream, before_id: int | None, limit: int = 100, filters: LogFilter = ANYTHING
) -> list[LogRow]:
    """Give rows with smaller ids, the newest first; None starts at the end."""
    table = TABLES[stream]
    query = _filtered(stream, filters).order_by(table.c.id.desc()).limit(limit)
    if before_id is not None:
        query = query.where(table.c.id < before_id)
    return [_log_row(stream, row) for row in session.execute(query)]


def latest_id(session: Session, stream: Stream) -> int:
    """Give the highest committed id, 0 when there are no rows. Follow from here to see what is new."""
    return session.scalar(select(func.max(TABLES[stream].c.id))) or 0


def _filtered(stream: Stream, filters: LogFilter) -> Select[Any]:
    table = TABLES[stream]
    return select(table).where(*_conditions(stream, table, filters))


def _conditions(stream: Stream, table: Table, filters: LogFilter) -> Iterator[ColumnElement[bool]]:
    for name, value in (
        ("level", filters.level),
        ("command_name", filters.command),
        ("outcome", filters.outcome),
    ):
        if value is not None and name in table.c:
            yield table.c[name] == value
    if filters.bot_ids is not None and "bot_id" in table.c:
        yield table.c.bot_id.in_(filters.bot_ids)
    if filters.text:
        yield or_(*(table.c[name].icontains(filters.text, autoescape=True) for name in _SEARCHED[stream]))
    if filters.after is not None:
        yield table.c.occurred_at >= filters.after
    if filters.before is not None:
        yield table.c.occurred_at < filters.before


def _log_row(stream: Stream, row: Row[Any]) -> LogRow:
    values = dict(row._mapping)  # noqa: SLF001 - SQLAlchemy's public name for it
    number = values.pop("id")
    return LogRow(number, RECORD_TYPES[stream](**values))
