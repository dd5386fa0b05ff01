"""One line of the live log: what a row says on one line, as JSON that pages and sockets share."""

from typing import Any, Final

from socialcube.domain.logs.types import (
    BotLogRecord,
    CommandLogRecord,
    ErrorLogRecord,
    LogRow,
    Outcome,
    RequestLogRecord,
)
from socialcube.kernel.text import printable
from socialcube.web.realtime.levels import level_of

_ANSWERS: Final[dict[str, str]] = {
    Outcome.SUCCEEDED: "answered",
    Outcome.REFUSED: "refused",
    Outcome.FAILED: "failed",
    Outcome.TIMED_OUT: "took too long",
}
_MAX_TEXT: Final = 300


def to_line(row: LogRow, bot: str) -> dict[str, Any]:
    """Give a row's line: `stream`, `id`, `run`, `at`, `level`, `bot`, `server`, `person`, `text`, `ms`.

    Args:
        row: as it was committed.
        bot: name of its bot, empty when it has none.
    """
    record = row.record
    return {
        "stream": record.stream.value,
        "id": row.id,
        "run": str(record.event_id),
        "at": record.occurred_at.isoformat(timespec="milliseconds"),
        "level": level_of(record).value,
        "bot": _shown(bot),
        "server": "",
        "person": "",
        "ms": None,
        **_words(record),
    }


def _words(record: CommandLogRecord | BotLogRecord | RequestLogRecord | ErrorLogRecord) -> dict[str, Any]:
    match record:
        case CommandLogRecord():
            return {
                "server": _shown(record.guild_name),
                "person": _shown(record.user_name),
                "text": _cut(_run_text(record)),
                "ms": round(record.duration_ms),
            }
        case BotLogRecord():
            return {"text": _cut(record.message or record.kind)}
        case RequestLogRecord():
            text = f"{record.method} {record.path} {record.status}"
            return {"text": _cut(text), "ms": round(record.duration_ms)}
        case ErrorLogRecord():
            place = f" ({record.place})" if record.place else ""
            return {"text": _cut(f"{record.message}{place}")}


def _run_text(record: CommandLogRecord) -> str:
    options = "".join([f" {name}:{value}" for name, value in record.options.items()])
    answer = record.error_message or _ANSWERS.get(record.outcome, record.outcome)
    return f"/{record.command_name}{options}: {answer}"


def _shown(text: str) -> str:
    return text if text.isprintable() else printable(text)


def _cut(text: str) -> str:
    text = _shown(text)
    return text if len(text) <= _MAX_TEXT else f"{text[: _MAX_TEXT - 1]}…"
