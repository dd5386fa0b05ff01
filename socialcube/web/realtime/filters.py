"""What a viewer wants of a stream: one shape for addresses, the socket and the match of each row."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from pydantic import ValidationError

from socialcube.domain.logs.documents import ANYTHING, LogFilter
from socialcube.domain.logs.types import (
    BotLogRecord,
    CommandLogRecord,
    ErrorLogRecord,
    Level,
    LogRecord,
    RequestLogRecord,
)
from socialcube.kernel.errors import InvalidInputError
from socialcube.web.realtime.levels import is_at_least, level_of


@dataclass(frozen=True, slots=True)
class LiveFilter:
    """What a viewer wants to see; equal filters share the work.

    Attributes:
        log: what the database filters by too.
        least: rows below this level are left out.
    """

    log: LogFilter = ANYTHING
    least: Level = Level.DEBUG

    def allows(self, record: LogRecord) -> bool:
        """Tell whether a row is wanted, as the query of the same filter does."""
        if self.least is not Level.DEBUG and not is_at_least(level_of(record), self.least):
            return False
        if self.log.bot_ids is not None and not _is_of(record, self.log.bot_ids):
            return False
        if isinstance(record, CommandLogRecord) and not self._allows_run(record):
            return False
        wanted = (self.log.text or "").lower()
        return not wanted or any(wanted in text.lower() for text in _texts(record))

    def _allows_run(self, record: CommandLogRecord) -> bool:
        return self.log.command in {None, record.command_name} and self.log.outcome in {None, record.outcome}


def parse_filter(given: Mapping[str, str]) -> LiveFilter:
    """Read a filter from an address's parameters: `bot`, `level`, `command`, `outcome`, `q`.

    Raises:
        InvalidInputError: a value is none that it could have.
    """
    words = {name: given[name].strip() for name in _NAMES if given.get(name, "").strip()}
    try:
        bot_ids = frozenset({UUID(words["bot"])}) if "bot" in words else None
        least = Level(words.get("level", Level.DEBUG))
        log = LogFilter(
            bot_ids=bot_ids,
            command=words.get("command"),
            outcome=words.get("outcome"),
            text=words.get("q"),
        )
    except ValidationError as error:
        raise InvalidInputError(reason="a part of the filter is too long") from error
    except ValueError as error:
        raise InvalidInputError(reason="there is no such bot id or level") from error
    return LiveFilter(log, least)


_NAMES: Final = ("bot", "level", "command", "outcome", "q")


def _is_of(record: LogRecord, bot_ids: frozenset[UUID]) -> bool:
    # A stream without bots is not narrowed by one, as the query does not narrow it.
    return not hasattr(record, "bot_id") or record.bot_id in bot_ids


def _texts(record: LogRecord) -> tuple[str, ...]:
    """Give what the query searches, which `queries` keeps private."""
    match record:
        case CommandLogRecord():
            return record.command_name, record.user_name, record.guild_name, record.error_message
        case BotLogRecord():
            return record.kind, record.message
        case RequestLogRecord():
            return record.path, record.user, record.request_id
        case ErrorLogRecord():
            return record.code, record.message, record.place
