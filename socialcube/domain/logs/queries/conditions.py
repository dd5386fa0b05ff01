"""From what a reader asks to conditions on a table."""

from collections.abc import Collection, Iterator
from typing import Any, Final

from sqlalchemy import ColumnElement, Result, Select, Table, or_, select

from socialcube.domain.logs.documents import LogFilter
from socialcube.domain.logs.models import TABLES
from socialcube.domain.logs.types import RECORD_TYPES, LogRow, Stream

_SEARCHED: Final = {
    Stream.COMMANDS: ("command_name", "user_name", "guild_name", "error_message"),
    Stream.BOTS: ("kind", "message"),
    Stream.REQUESTS: ("path", "user", "request_id"),
    Stream.ERRORS: ("code", "message", "place"),
}
_EQUAL: Final = {"level": "level", "command_name": "command", "outcome": "outcome", "kind": "kind"} | {
    "code": "code",
    "guild_id": "guild_id",
}
"""The field of a filter by the column that it must equal."""


def select_rows(stream: Stream, filters: LogFilter, without: Collection[str] = ()) -> Select[Any]:
    """Select the rows that a filter leaves, in no order yet, maybe without some of their columns."""
    table = TABLES[stream]
    columns = [column for column in table.c if column.key not in without] if without else [table]
    return select(*columns).where(*_conditions(stream, table, filters))


def to_log_rows(stream: Stream, found: Result[Any]) -> list[LogRow]:
    """Make the records of selected rows."""
    names, make = tuple(found.keys()), RECORD_TYPES[stream]
    return [
        LogRow(values.pop("id"), make(**values))
        for values in (dict(zip(names, row, strict=True)) for row in found)
    ]


def _conditions(stream: Stream, table: Table, filters: LogFilter) -> Iterator[ColumnElement[bool]]:
    for name, field in _EQUAL.items():
        value = getattr(filters, field)
        if value is not None and name in table.c:
            yield table.c[name] == value
    if filters.kinds is not None and "kind" in table.c:
        yield table.c.kind.in_(filters.kinds)
    if filters.min_status is not None and "status" in table.c:
        yield table.c.status >= filters.min_status
    if filters.bot_ids is not None and "bot_id" in table.c:
        yield table.c.bot_id.in_(filters.bot_ids)
    if filters.text:
        yield or_(*(table.c[name].icontains(filters.text, autoescape=True) for name in _SEARCHED[stream]))
    if filters.after is not None:
        yield table.c.occurred_at >= filters.after
    if filters.before is not None:
        yield table.c.occurred_at < filters.before
