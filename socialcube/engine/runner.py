"""Runs a program: the one entrance for a real run and a dry run alike."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, Literal
from uuid import UUID

from socialcube.engine.answer import Answer
from socialcube.engine.budget import BudgetUse, Limits
from socialcube.engine.errors import AnswerUncertainError, InternalStepError, WallTimeBudgetError
from socialcube.engine.execution import Execution, RunStoppedError
from socialcube.engine.ports import Message, ResponderError, UnknownOutcomeError
from socialcube.engine.trace import Record, RunError, TraceElement, describe_error
from socialcube.kernel.clock import SystemClock
from socialcube.kernel.ids import new_id

if TYPE_CHECKING:
    from socialcube.engine.context import Context
    from socialcube.engine.ports import CallLater, Responder
    from socialcube.engine.program import Program
    from socialcube.kernel.clock import Clock

Outcome = Literal["ok", "failed", "refused"]

_DEFAULT_LIMITS: Final = Limits()
_SYSTEM_CLOCK: Final = SystemClock()
_NOTICE_SECONDS: Final = 5.0

_DONE: Final = "Done."
_PROBLEM: Final = (
    "This command hit a problem. The owner of the bot can see what happened in the log "
    "(reference {reference})."
)


@dataclass(frozen=True, slots=True)
class RunResult:
    """What came of a run.

    Attributes:
        run_id: ties the log rows of this run together.
        reference: the short form of it that the person was told after a failure.
        outcome: `ok`; `failed`, by an error; `refused`, by a budget.
        error: why it ended early, None when it did not.
        trace: what happened, in the order of starting.
        budgets: every budget that was drawn on.
        milliseconds: how long it took.
        first_response_ms: from receiving the trigger until the platform took the first call; None when
            nothing was taken.
        deferred: whether the platform was told to wait.
        answered_before: whether the platform had an answer already, so that this run reached nobody.
    """

    run_id: UUID
    reference: str
    outcome: Outcome
    error: RunError | None
    trace: tuple[TraceElement, ...]
    budgets: tuple[BudgetUse, ...]
    milliseconds: float
    first_response_ms: float | None
    deferred: bool
    answered_before: bool = False


async def run(  # noqa: PLR0913 - the ports and clocks of a run, all but three with a default
    program: Program,
    context: Context,
    responder: Responder,
    *,
    limits: Limits = _DEFAULT_LIMITS,
    clock: Clock = _SYSTEM_CLOCK,
    call_later: CallLater | None = None,
    received: float | None = None,
    run_id: UUID | None = None,
) -> RunResult:
    """Run a program, answer the person in time, and tell what happened.

    Nothing that a document does makes it raise. When a step fails and nobody was answered yet, the person
    gets a private notice with the reference of the run; when all went well and no step answered, a private
    "Done.".

    Args:
        program: what to run.
        context: the facts of this run.
        responder: the way back to the person; `dry_run.RecordingResponder` for a dry run.
        limits: the budgets.
        clock: for budgets, the trace and the templates' `now`.
        call_later: sets the alarm that defers; the running loop's when left out.
        received: when the trigger came in, in the clock's monotonic seconds; now when left out.
        run_id: ties the log rows of this run together; a new one when left out.

    Raises:
        CancelledError: the caller cancelled it. Its alarm is gone by then, and no notice was sent.
    """
    started = clock.monotonic()
    answer = Answer(
        responder,
        clock,
        call_later or asyncio.get_running_loop().call_later,
        received=started if received is None else received,
        defer_after=limits.defer_seconds,
        private=program.first_reply_private,
    )
    run_id = run_id or new_id()
    # The end of a UUIDv7 is random; its start is the time, which all runs of a moment share.
    reference = run_id.hex[-8:]
    execution = Execution(context, answer, limits, clock)
    end = await _run_and_answer(execution, program, limits, reference)
    return _to_result(run_id, reference, execution, end, started)


@dataclass(frozen=True, slots=True)
class _End:
    """Why a run ended early, if it did, and whether a budget ended it."""

    error: RunError | None = None
    refused: bool = False

    @property
    def outcome(self) -> Outcome:
        if self.error is None:
            return "ok"
        return "refused" if self.refused else "failed"


async def _run_and_answer(execution: Execution, program: Program, limits: Limits, reference: str) -> _End:
    """Run the steps, and see to it that the person hears something whatever they did."""
    try:
        end = await _run_steps(execution, program, limits)
        if execution.answer.is_open:
            text = _PROBLEM.format(reference=reference) if end.error else _DONE
            await _notify(execution, Message(text, private=True))
    finally:
        await execution.answer.close()
    return end


def _to_result(run_id: UUID, reference: str, execution: Execution, end: _End, started: float) -> RunResult:
    answer = execution.answer
    records = [*execution.records, *([answer.defer_record] if answer.defer_record else [])]
    return RunResult(
        run_id=run_id,
        reference=reference,
        outcome=end.outcome,
        error=end.error,
        trace=tuple(record.element() for record in sorted(records, key=lambda record: record.started)),
        budgets=execution.budget.uses(),
        milliseconds=round((execution.clock.monotonic() - started) * 1000, 3),
        first_response_ms=answer.first_response_ms,
        deferred=answer.deferred,
        answered_before=answer.answered_before,
    )


async def _run_steps(execution: Execution, program: Program, limits: Limits) -> _End:
    try:
        async with asyncio.timeout(limits.wall_seconds):
            await execution.run_steps(program.steps)
    except RunStoppedError as stopped:
        return _End(stopped.error, refused=stopped.refused)
    except TimeoutError:
        # A step's own TimeoutError never gets here: it is recorded where it happens.
        record = execution.interrupted
        error = describe_error(
            WallTimeBudgetError(limit=f"{limits.wall_seconds:g}"), record.path if record else ""
        )
        if record:
            record.error = error
        return _End(error, refused=True)
    return _End()


async def _notify(execution: Execution, message: Message) -> None:
    """Answer in the engine's own name. When even that fails, the trace tells."""
    record = Record("", "notice", execution.clock.monotonic())
    execution.records.append(record)
    try:
        async with asyncio.timeout(_NOTICE_SECONDS):
            await execution.answer.reply(message)
        record.effects.append(("reply", message))
    except (ResponderError, UnknownOutcomeError, AnswerUncertainError) as error:
        record.error = describe_error(error, "")
    except Exception as error:  # noqa: BLE001 - an adapter's fault must not hide what the run did
        record.error = describe_error(InternalStepError(), "", cause=error)
    record.ended = execution.clock.monotonic()
