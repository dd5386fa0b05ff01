"""Keys in addresses: text that anybody may have typed."""

from collections.abc import Sequence
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement

_MAX_ID: Final = (1 << 63) - 1


def parse_key(columns: Sequence[ColumnElement[Any]], text: str) -> list[UUID | int | str] | None:
    """Read the key of a row, its parts apart by commas. Gives None for what can be no key of this table."""
    parts = text.split(",")
    if len(parts) != len(columns):
        return None
    values = [_parse(column.type.python_type, part) for column, part in zip(columns, parts, strict=True)]
    known = [value for value in values if value is not None]
    return known if len(known) == len(values) else None


def _parse(kind: type, text: str) -> UUID | int | str | None:
    try:
        if kind is UUID:
            return UUID(text)
        if kind is int:
            number = int(text) if text.isascii() and text.isdecimal() else -1
            return number if 0 <= number <= _MAX_ID else None
    except ValueError:
        return None
    return text if text.isprintable() else None
