"""Runs one use of a command: the same way for a person on the platform and for a dry run."""

import asyncio
from dataclasses import dataclass, replace
from typing import Final

from socialcube.domain.commands.errors import (
    CommandBrokenError,
    CommandOffError,
    NotReadyError,
    RunInterruptedError,
    TooBusyError,
    TooFastError,
    UnknownCommandError,
    say,
)
from socialcube.domain.commands.registry import BrokenCommand, CompiledCommand, Snapshot
from socialcube.domain.commands.run.facts import to_context
from socialcube.domain.commands.run.gate import Gate
from socialcube.domain.commands.run.report import RunReport, outcome_of, to_command_log, to_error_log
from socialcube.domain.commands.types import Invocation
from socialcube.domain.guilds.registry import ServerRules
from socialcube.domain.logs.ports import LogSink
from socialcube.domain.logs.types import Outcome
from socialcube.engine import runner
from socialcube.engine.budget import Limits
from socialcube.engine.context import BotView
from socialcube.engine.errors import InternalStepError
from socialcube.engine.ports import AlreadyAnsweredError, CallLater, Message, Responder
from socialcube.engine.trace import describe_error
from socialcube.kernel.clock import Clock
from socialcube.kernel.errors import SocialCubeError

_NOTICE_SECONDS: Final = 5.0
_DEFAULT_LIMITS: Final = Limits()
NO_RULES: Final = ServerRules()

_FAILED: Final = "This command hit a problem. The owner of the bot can see what happened in the log."
_NOTICES: Final[dict[type[SocialCubeError], str]] = {
    TooFastError: "You are using commands very quickly. Wait a few seconds, then try again.",
    TooBusyError: "The bot has a lot to do right now. Try again in a few seconds.",
    NotReadyError: "The bot has only just started. Try again in a few seconds.",
    UnknownCommandError: "This command is not available any more. Discord will stop offering it soon.",
    CommandOffError: "This command is switched off on this server.",
    CommandBrokenError: "This command cannot run at the moment. The owner of the bot can see why in the log.",
}


async def run_command(  # noqa: PLR0913 - what all runs of a bot share, most with a default
    invocation: Invocation,
    snapshot: Snapshot | None,
    responder: Responder,
    *,
    sink: LogSink,
    clock: Clock,
    bot: BotView,
    rules: ServerRules = NO_RULES,
    gate: Gate | None = None,
    limits: Limits = _DEFAULT_LIMITS,
    call_later: CallLater | None = None,
) -> RunReport:
    """Run what a person asked for, answer them, and log it: one row in the command log for each use.

    Whatever happens, the person gets an answer if one can reach them, and nothing is raised. A use that
    turns out to be answered before leaves no row: it has one already, or whoever answered writes it.

    Args:
        invocation: one use of a command.
        snapshot: the bot's commands; None while they could not be read yet.
        responder: the way back; `RecordingResponder` for a dry run.
        sink: takes the log records; `NullSink` for a dry run.
        clock: the one that `invocation.received` was read from.
        bot: the bot as templates see it.
        rules: what counts in the server.
        gate: admits the runs of the bot; None admits all.
        limits: the budgets of the run.
        call_later: sets the alarm that defers; the running loop's when left out.

    Raises:
        CancelledError: the caller cancelled it. The log says so.
    """
    command = snapshot.find(invocation.command_name, invocation.guild_id) if snapshot else None
    use = _Use(invocation, command, responder, clock, bot, rules, limits, call_later)
    try:
        report = await (use.put_off() if snapshot is None else use.go(gate))
    except asyncio.CancelledError:
        use.log(sink, use.report(RunInterruptedError(), Outcome.FAILED))
        raise
    if not report.answered_before:
        use.log(sink, report)
    return report


@dataclass(frozen=True, slots=True)
class _Use:
    """One use of a command, from admission to its log rows."""

    invocation: Invocation
    command: CompiledCommand | BrokenCommand | None
    responder: Responder
    clock: Clock
    bot: BotView
    rules: ServerRules
    limits: Limits
    call_later: CallLater | None

    async def go(self, gate: Gate | None) -> RunReport:
        """Run the command, or say politely why it does not run."""
        if gate is None:
            return await self._run()
        try:
            gate.enter(self.invocation.person.id)
        except (TooFastError, TooBusyError) as error:
            return await self._refuse(error, Outcome.REFUSED)
        try:
            return await self._run()
        finally:
            gate.leave()

    async def put_off(self) -> RunReport:
        """Ask for another try: nobody knows yet what the command is."""
        return await self._refuse(NotReadyError(), Outcome.REFUSED)

    async def _run(self) -> RunReport:
        if self.command is None:
            return await self._refuse(UnknownCommandError(), Outcome.REFUSED)
        if not self.rules.allows(self.command.published.command_id):
            return await self._refuse(CommandOffError(), Outcome.REFUSED)
        if isinstance(self.command, BrokenCommand):
            error = CommandBrokenError(first=say(self.command.problems[0]))
            return await self._refuse(error, Outcome.FAILED, is_fault=True)
        try:
            return await self._execute(self.command)
        except Exception as cause:  # noqa: BLE001 - an adapter's fault must not leave the person waiting
            return await self._refuse(InternalStepError(), Outcome.FAILED, cause=cause, is_fault=True)

    async def _execute(self, command: CompiledCommand) -> RunReport:
        result = await runner.run(
            command.program,
            to_context(self.invocation, command.document, self.bot, self.rules.settings),
            self.responder,
            limits=self.limits,
            clock=self.clock,
            call_later=self.call_later,
            received=self.invocation.received,
            run_id=self.invocation.event_id,
        )
        return RunReport(
            outcome=outcome_of(result),
            milliseconds=self._milliseconds(),
            error=result.error,
            is_fault=result.error is not None,
            first_response_ms=result.first_response_ms,
            result=result,
            answered_before=result.answered_before,
        )

    async def _refuse(
        self,
        error: SocialCubeError,
        outcome: Outcome,
        *,
        cause: Exception | None = None,
        is_fault: bool = False,
    ) -> RunReport:
        """Tell the person privately. A platform that does not take even that changes nothing here."""
        first_response_ms, answered_before = None, False
        try:
            async with asyncio.timeout(_NOTICE_SECONDS):
                await self.responder.reply(Message(_NOTICES.get(type(error), _FAILED), private=True))
            first_response_ms = self._milliseconds()
        except Exception as failure:  # noqa: BLE001 - the log below is all that is left to do
            answered_before = isinstance(failure, AlreadyAnsweredError)
            cause = cause or failure
        report = self.report(
            error, outcome, cause=cause, is_fault=is_fault, first_response_ms=first_response_ms
        )
        return replace(report, answered_before=answered_before)

    def report(
        self,
        error: SocialCubeError,
        outcome: Outcome,
        *,
        cause: Exception | None = None,
        is_fault: bool = False,
        first_response_ms: float | None = None,
    ) -> RunReport:
        """Report a use that never came to its steps, or not to their end."""
        return RunReport(
            outcome=outcome,
            milliseconds=self._milliseconds(),
            error=describe_error(error, "", cause=cause),
            is_fault=is_fault,
            first_response_ms=first_response_ms,
        )

    def log(self, sink: LogSink, report: RunReport) -> None:
        """Leave the row of the command log, and one among the errors when somebody should look."""
        sink.put(to_command_log(self.invocation, self.command, report))
        if report.error is not None and report.is_fault:
            sink.put(to_error_log(self.invocation, report.error))

    def _milliseconds(self) -> float:
        return round((self.clock.monotonic() - self.invocation.received) * 1000, 3)
