"""What came of one use of a command, and the log records made from it."""

import hashlib
import traceback
from dataclasses import dataclass
from typing import Any, Final

from socialcube.domain.commands.registry import BrokenCommand, CompiledCommand
from socialcube.domain.commands.types import Invocation
from socialcube.domain.logs.types import CommandLogRecord, ErrorLogRecord, ErrorSource, Outcome
from socialcube.engine.errors import WallTimeBudgetError
from socialcube.engine.runner import RunResult
from socialcube.engine.trace import RunError

_OUTCOMES: Final = {"ok": Outcome.SUCCEEDED, "failed": Outcome.FAILED, "refused": Outcome.REFUSED}


@dataclass(frozen=True, slots=True)
class RunReport:
    """What came of one use of a command.

    Attributes:
        outcome: as the log says it.
        milliseconds: from the platform's event to the end.
        error: why it did not succeed, None when it did.
        is_fault: whether somebody should look into the error.
        first_response_ms: from the platform's event to the first answer, None when none was taken.
        result: what the engine did, None when it did not come to that.
        answered_before: whether the person had an answer before: the use was another process's, which logs
            it, or its event came twice.
    """

    outcome: Outcome
    milliseconds: float
    error: RunError | None = None
    is_fault: bool = False
    first_response_ms: float | None = None
    result: RunResult | None = None
    answered_before: bool = False

    def to_json(self) -> dict[str, Any]:
        """Give plain JSON data, as answers of jobs carry it."""
        return {
            "outcome": self.outcome.value,
            "milliseconds": self.milliseconds,
            "error": self.error.to_json() if self.error else None,
            "first_response_ms": self.first_response_ms,
            "deferred": self.result.deferred if self.result else False,
            "trace": trace_of(self.result),
        }


def outcome_of(result: RunResult) -> Outcome:
    """Give the log's word for what the engine says."""
    if result.error and result.error.code == WallTimeBudgetError.code:
        return Outcome.TIMED_OUT
    return _OUTCOMES[result.outcome]


def trace_of(result: RunResult | None) -> list[dict[str, Any]]:
    """Give the elements of a trace; the last one tells the budgets as used and limit."""
    if result is None:
        return []
    budgets = {use.name: {"used": use.used, "limit": use.limit} for use in result.budgets}
    return [
        *(element.to_json() for element in result.trace),
        {"path": "", "type": "budgets", "result": budgets},
    ]


def to_command_log(
    invocation: Invocation, command: CompiledCommand | BrokenCommand | None, report: RunReport
) -> CommandLogRecord:
    """Make the one row that every use of a command leaves."""
    error, result = report.error, report.result
    return CommandLogRecord(
        event_id=invocation.event_id,
        occurred_at=invocation.received_at,
        bot_id=invocation.bot_id,
        command_id=command.published.command_id if command else None,
        command_name=invocation.command_name,
        version=command.published.version if command else None,
        guild_id=invocation.guild_id,
        guild_name=invocation.guild_name,
        channel_id=invocation.channel_id,
        user_id=invocation.person.id,
        user_name=invocation.person.name,
        outcome=report.outcome,
        error_code=error.code if error else "",
        error_message=error.message if error else "",
        node_path=error.path if error else "",
        duration_ms=report.milliseconds,
        first_response_ms=report.first_response_ms,
        deferred=result.deferred if result else False,
        options=invocation.options,
        trace=trace_of(result),
    )


def to_error_log(invocation: Invocation, error: RunError) -> ErrorLogRecord:
    """Make the row for whoever looks after the bot."""
    return ErrorLogRecord(
        occurred_at=invocation.received_at,
        bot_id=invocation.bot_id,
        source=ErrorSource.COMMAND,
        code=error.code,
        message=error.message,
        place=f"/{invocation.command_name} {error.path}".strip(),
        detail=_detail(error),
        fingerprint=_fingerprint(invocation, error),
        trace_id=str(invocation.event_id),
    )


def _detail(error: RunError) -> str:
    if error.cause is not None:
        return "".join(traceback.format_exception(error.cause))
    line = f"Line {error.line} of the template. " if error.line else ""
    return f"{line}{error.remedy}".strip()


def _fingerprint(invocation: Invocation, error: RunError) -> str:
    """Give the same text for failures with one cause, on whichever bot and for whomever they happen."""
    cause = type(error.cause).__name__ if error.cause else ""
    parts = f"{ErrorSource.COMMAND}\n{invocation.command_name}\n{error.code}\n{error.path}\n{cause}"
    return hashlib.sha256(parts.encode("utf-8", "replace")).hexdigest()[:32]
