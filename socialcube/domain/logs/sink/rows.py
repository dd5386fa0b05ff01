"""From a record to the row that is stored: redacted, on one line, cut to the column. And lines of both."""

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, fields
from datetime import UTC, datetime
from functools import cache, partial
from typing import Any, Final, NamedTuple
from uuid import UUID

from sqlalchemy import Boolean, Column, Float, Integer, String, Uuid
from sqlalchemy.types import TypeEngine

from socialcube.db.bulk import encode_json
from socialcube.db.types import Snowflake, UTCDateTime
from socialcube.domain.logs.models import TABLES
from socialcube.domain.logs.types import RECORD_TYPES, LogRecord, Stream
from socialcube.kernel.text import many_lines, one_line, plain_data

_MAX_TEXT: Final = 16_000
_BIG: Final = range(-(2**63), 2**63)
_SMALL: Final = range(-(2**31), 2**31)

_Clean = Callable[[Any], object]


class Entry(NamedTuple):
    """A row on its way, with the line that the journal keeps of it."""

    stream: Stream
    row: dict[str, Any]
    line: bytes


def make_entry(record: LogRecord) -> Entry:
    """Clean a record.

    Raises:
        ValueError, TypeError, AttributeError: a field holds what its column cannot.
    """
    stream = record.stream
    row = {name: clean(getattr(record, name)) for name, clean in _CLEANERS[stream]}
    return Entry(stream, row, _encode(stream, row))


def decode_line(line: bytes) -> Entry:
    """Read a line back, also one of another version: what it does not say yet gets the record's default.

    Raises:
        ValueError, KeyError, TypeError, AttributeError: the line is damaged, or says too little.
    """
    name, values = json.loads(line)
    stream = Stream(name)
    said = {**_defaults(stream), **values}
    row = {column: clean(said[column]) for column, clean in _CLEANERS[stream]}
    return Entry(stream, row, line)


def _encode(stream: Stream, row: Mapping[str, object]) -> bytes:
    return f"{encode_json([stream, row])}\n".encode()


@cache
def _defaults(stream: Stream) -> dict[str, object]:
    # A new key at every reading would store the same line twice.
    given = (field for field in fields(RECORD_TYPES[stream]) if field.name != "event_id")
    return {field.name: _default(field) for field in given if _has_default(field)}


def _has_default(field: Field[Any]) -> bool:
    return field.default is not MISSING or field.default_factory is not MISSING


def _default(field: Field[Any]) -> object:
    return field.default if field.default_factory is MISSING else field.default_factory()


def _cleaner(column: Column[Any]) -> _Clean:
    clean = _clean_value(column)
    return partial(_optional, clean) if column.nullable else clean


def _clean_value(column: Column[Any]) -> _Clean:
    kind = column.type
    if isinstance(kind, String):
        return partial(_line, kind.length) if kind.length else _lines
    return next((clean for types, clean in _CLEAN_BY_TYPE if isinstance(kind, types)), plain_data)


def _optional(clean: _Clean, value: object) -> object:
    return None if value is None else clean(value)


def _line(limit: int, value: object) -> str:
    return one_line(str(value), limit)


def _lines(value: object) -> str:
    return many_lines(str(value), _MAX_TEXT)


def _moment(value: datetime | str) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    if moment.tzinfo is None:
        raise ValueError("a moment needs a time zone")
    return moment.astimezone(UTC)


def _uuid(value: UUID | str) -> UUID:
    return value if isinstance(value, UUID) else UUID(value)


def _number(value: float) -> float:
    if not math.isfinite(value):
        raise ValueError("a number is not finite")
    return float(value)


def _whole(allowed: range, value: int) -> int:
    if int(value) not in allowed:
        raise ValueError("a number is too large for its column")
    return int(value)


_CLEAN_BY_TYPE: Final[tuple[tuple[type[TypeEngine[Any]], _Clean], ...]] = (
    (UTCDateTime, _moment),
    (Uuid, _uuid),
    (Boolean, bool),
    (Float, _number),
    (Snowflake, partial(_whole, _BIG)),
    (Integer, partial(_whole, _SMALL)),
)
_CLEANERS: Final[dict[Stream, tuple[tuple[str, _Clean], ...]]] = {
    stream: tuple((column.name, _cleaner(column)) for column in table.columns if column.name != "id")
    for stream, table in TABLES.items()
}
