"""What is said about one row: a title, how it went, facts, and for runs where the time went."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from socialcube.domain.bots.types import BotView
from socialcube.domain.logs.types import (
    BotLogRecord,
    CommandLogRecord,
    ErrorLogRecord,
    Level,
    LogRow,
    Outcome,
    RequestLogRecord,
)
from socialcube.kernel.text import printable
from socialcube.web.pages.links import link
from socialcube.web.pages.live.waterfall import Waterfall, draw
from socialcube.web.realtime.levels import level_of
from socialcube.web.realtime.lines import to_line
from socialcube.web.shell.filters import exact

_LEVELS: Final = {
    Level.DEBUG: ("Debug", "off", "l-debug"),
    Level.INFO: ("Info", "busy", "l-info"),
    Level.WARNING: ("Warning", "warn", "l-warn"),
    Level.ERROR: ("Error", "bad", "l-error"),
}
_OUTCOMES: Final = {
    Outcome.SUCCEEDED: ("Answered", "ok", "check"),
    Outcome.REFUSED: ("Refused", "hold", "shield"),
    Outcome.FAILED: ("Failed", "bad", "s-failed"),
    Outcome.TIMED_OUT: ("Out of time", "bad", "clock"),
}


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of a list of facts."""

    label: str
    value: str
    href: str | None = None
    is_code: bool = False


@dataclass(frozen=True, slots=True)
class Details:
    """Everything that the panel shows of a row.

    Attributes:
        id: the row's event id, in short for people.
        word, tone, icon: how it went.
        sentence: what went wrong, or what happened.
        extra: many lines more, like a stack trace.
        extra_title: what they are.
    """

    row: LogRow
    id: str
    title: str
    word: str
    tone: str
    icon: str
    sentence: str
    facts: tuple[Fact, ...]
    waterfall: Waterfall | None = None
    extra: str = ""
    extra_title: str = ""


def describe(row: LogRow, bot: BotView | None) -> Details:
    """Say all about a row. What came from outside is escaped where it would not show as itself."""
    record = row.record
    word, tone, icon = _LEVELS[level_of(record)]
    sentence = printable(to_line(row, "")["text"])
    extra, extra_title = "", ""
    waterfall = None
    match record:
        case CommandLogRecord():
            title = f"/{printable(record.command_name)}"
            word, tone, icon = _OUTCOMES.get(Outcome(record.outcome), _OUTCOMES[Outcome.FAILED])
            sentence = printable(record.error_message)
            waterfall = draw(record)
        case BotLogRecord():
            title = printable(record.kind).replace("_", " ").capitalize()
            extra, extra_title = _pretty(record.data), "Data"
        case RequestLogRecord():
            title = f"{record.method} {record.status}"
        case ErrorLogRecord():
            title = printable(record.code)
            extra, extra_title = _lines(record.detail), "Detail"
    facts = (*_common(row, bot), *_facts(record), Fact("Row", str(record.event_id), is_code=True))
    return Details(
        row,
        str(record.event_id)[-12:],
        title,
        word,
        tone,
        icon,
        sentence,
        facts,
        waterfall,
        extra,
        extra_title,
    )


def _common(row: LogRow, bot: BotView | None) -> Iterator[Fact]:
    if bot is not None:
        yield Fact("Bot", bot.name, link("bot.show", bot_id=bot.id))
    yield Fact("When", exact(row.record.occurred_at))


def _facts(record: Any) -> Iterator[Fact]:
    match record:
        case CommandLogRecord():
            yield from _run_facts(record)
        case RequestLogRecord():
            yield Fact("Path", record.path, is_code=True)
            yield Fact("Took", f"{record.duration_ms:,.0f} ms")
            yield Fact("Person", record.user or "nobody signed in")
            yield Fact("Address", record.address, is_code=True)
            yield Fact("Browser", record.agent)
            yield Fact("Request", record.request_id, is_code=True)
        case ErrorLogRecord():
            yield Fact("Where", printable(record.place), is_code=True)
            yield Fact("Part", record.source)
            if record.trace_id:
                yield Fact("Belongs to", record.trace_id, is_code=True)
        case _:
            return


def _run_facts(record: CommandLogRecord) -> Iterator[Fact]:
    options = "  ".join(f"{name}:{value}" for name, value in record.options.items())
    yield Fact(
        "Server", printable(record.guild_name) or ("a direct message" if record.guild_id is None else "—")
    )
    yield Fact("Person", printable(record.user_name or record.user_id))
    if options:
        yield Fact("Options", printable(options), is_code=True)
    if record.version:
        href = link("command.show", command_id=record.command_id) if record.command_id else None
        yield Fact("Version", f"v{record.version}", href)
    if record.first_response_ms is not None:
        yield Fact("First answer", f"after {record.first_response_ms:,.0f} ms")
    if record.node_path:
        yield Fact("Step", printable(record.node_path), is_code=True)
    if record.error_code:
        yield Fact("Code", record.error_code, is_code=True)


def _pretty(data: Mapping[str, object]) -> str:
    return _lines(json.dumps(data, indent=2, ensure_ascii=False)) if data else ""


def _lines(text: str) -> str:
    return "\n".join(printable(line) for line in text.split("\n"))
