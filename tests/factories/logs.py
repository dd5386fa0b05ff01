"""Log records for tests."""

from typing import Any
from uuid import UUID

from socialcube.domain.logs.types import (
    BotLogRecord,
    CommandLogRecord,
    ErrorLogRecord,
    ErrorSource,
    Outcome,
    RequestLogRecord,
)
from socialcube.kernel.ids import new_id
from tests.fakes.clock import START

BOT = UUID("01890000-0000-7000-8000-000000000001")
OTHER_BOT = UUID("01890000-0000-7000-8000-000000000002")


def make_command_log(**changes: Any) -> CommandLogRecord:
    """Make a run that went well."""
    fields: dict[str, Any] = {
        "occurred_at": START,
        "bot_id": BOT,
        "command_id": new_id(),
        "command_name": "hello",
        "version": 3,
        "guild_id": 81_384_788_765_712_384,
        "guild_name": "Greenhouse",
        "channel_id": 4,
        "user_id": 9_007_199_254_740_993,
        "user_name": "Mara",
        "outcome": Outcome.SUCCEEDED,
        "duration_ms": 12.5,
        "first_response_ms": 8.25,
        "options": {"who": "you", "times": 2},
        "trace": [{"node": "steps[0]", "ms": 1.5}],
    }
    return CommandLogRecord(**(fields | changes))


def make_bot_log(**changes: Any) -> BotLogRecord:
    """Make an ordinary event of a bot."""
    fields: dict[str, Any] = {
        "occurred_at": START,
        "bot_id": BOT,
        "kind": "connected",
        "message": "Connected.",
    }
    return BotLogRecord(**(fields | changes))


def make_request_log(**changes: Any) -> RequestLogRecord:
    """Make an answered request."""
    fields: dict[str, Any] = {
        "occurred_at": START,
        "request_id": "r1",
        "method": "GET",
        "path": "/bots",
        "status": 200,
        "duration_ms": 3.5,
    }
    return RequestLogRecord(**(fields | changes))


def make_error_log(**changes: Any) -> ErrorLogRecord:
    """Make a failure of the site."""
    fields: dict[str, Any] = {
        "occurred_at": START,
        "source": ErrorSource.WEB,
        "code": "internal_error",
        "message": "It broke.",
    }
    return ErrorLogRecord(**(fields | changes))
