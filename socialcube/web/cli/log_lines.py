"""One line of text, or one JSON object, for each row of a log stream."""

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import Any, Final
from uuid import UUID

from socialcube.domain.logs.types import (
    BotLogRecord,
    CommandLogRecord,
    ErrorLogRecord,
    LogRow,
    RequestLogRecord,
)
from socialcube.kernel.text import printable

NameOf = Callable[[UUID | None], str]
"""Gives the name of a bot."""

_SNOWFLAKES: Final = frozenset({"guild_id", "channel_id", "user_id"})


def to_line(row: LogRow, name_of: NameOf) -> str:
    """Write a row for people: when, what kind, which bot, what happened."""
    record = row.record
    match record:
        case CommandLogRecord():
            kind, words = "command", _command_words(record, name_of)
        case BotLogRecord():
            kind, words = "bot", [name_of(record.bot_id), record.level, record.kind, record.message]
        case RequestLogRecord():
            duration = f"{record.duration_ms:.1f} ms"
            kind, words = (
                "request",
                [record.method, record.path, str(record.status), duration, record.address],
            )
        case ErrorLogRecord():
            kind, words = "error", [name_of(record.bot_id), record.code, record.place, record.message]
    moment = record.occurred_at.astimezone().strftime("%H:%M:%S.%f")[:-3]
    return "  ".join([moment, f"{kind:<7}", *(printable(word) for word in words if word)])


def to_json(row: LogRow) -> Mapping[str, Any]:
    """Give a row for programs: all its fields, outside ids as text."""
    values = {field.name: getattr(row.record, field.name) for field in fields(row.record)}
    snowflakes = {
        key: str(value) for key, value in values.items() if key in _SNOWFLAKES and value is not None
    }
    moment = {"occurred_at": row.record.occurred_at.isoformat()}
    return {"stream": row.record.stream.value, "id": row.id} | values | snowflakes | moment


def _command_words(record: CommandLogRecord, name_of: NameOf) -> list[str]:
    place = f"{record.user_name} in {record.guild_name or 'a direct message'}"
    problem = f"{record.node_path}: {record.error_message}" if record.node_path else record.error_message
    duration = f"{record.duration_ms:.0f} ms"
    return [name_of(record.bot_id), f"/{record.command_name}", record.outcome, duration, place, problem]
