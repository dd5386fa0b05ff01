"""How much a row of any stream matters, in one scale."""

from typing import Final

from socialcube.domain.logs.types import (
    BotLogRecord,
    CommandLogRecord,
    ErrorLogRecord,
    Level,
    LogRecord,
    Outcome,
    RequestLogRecord,
)

ORDER: Final = (Level.DEBUG, Level.INFO, Level.WARNING, Level.ERROR)

_OUTCOMES: Final[dict[str, Level]] = {
    Outcome.SUCCEEDED: Level.INFO,
    Outcome.REFUSED: Level.WARNING,
    Outcome.FAILED: Level.ERROR,
    Outcome.TIMED_OUT: Level.ERROR,
}
_CLIENT_ERROR: Final = 400
_SERVER_ERROR: Final = 500


def level_of(record: LogRecord) -> Level:
    """Give the level: a bot event's own; for the others it follows from how it went."""
    match record:
        case CommandLogRecord():
            return _OUTCOMES.get(record.outcome, Level.ERROR)
        case BotLogRecord():
            return Level(record.level)
        case RequestLogRecord():
            return _level_of_status(record.status)
        case ErrorLogRecord():
            return Level.ERROR


def is_at_least(level: Level, least: Level) -> bool:
    """Tell whether a level matters as much as another one."""
    return ORDER.index(level) >= ORDER.index(least)


def _level_of_status(status: int) -> Level:
    if status >= _SERVER_ERROR:
        return Level.ERROR
    return Level.WARNING if status >= _CLIENT_ERROR else Level.INFO
