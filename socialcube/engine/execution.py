"""One run: walks the compiled steps, counts what they use, and records what they do."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Final

from socialcube.engine.budget import Budget, Resource
from socialcube.engine.errors import (
    BudgetExceededError,
    EngineError,
    InternalStepError,
    RenderTimeBudgetError,
    RenderTotalBudgetError,
)
from socialcube.engine.ports import ResponderError, UnknownOutcomeError
from socialcube.engine.trace import Record, RunError, describe_error

if TYPE_CHECKING:
    from collections.abc import Iterable

    from socialcube.engine.answer import Answer
    from socialcube.engine.budget import Limits
    from socialcube.engine.context import Context
    from socialcube.engine.ports import Message
    from socialcube.engine.program import CompiledStep
    from socialcube.engine.template import Template
    from socialcube.kernel.clock import Clock

_HOLD_SECONDS: Final = 0.005
"""How long filling in texts may hold the event loop before other bots get a turn."""


class RunStoppedError(Exception):
    """Ends the run from any depth. The step that failed has recorded why.

    Attributes:
        error: what the record says.
        refused: whether a budget ended it.
    """

    def __init__(self, error: RunError, *, refused: bool) -> None:
        super().__init__(error.code)
        self.error = error
        self.refused = refused


class Execution:
    """The state of one run.

    Attributes:
        budget: its counters.
        records: what happened so far, in order.
        interrupted: the innermost step that was cut off from outside, if any.
    """

    def __init__(self, context: Context, answer: Answer, limits: Limits, clock: Clock) -> None:
        self.budget = Budget(limits)
        self.records: list[Record] = []
        self.interrupted: Record | None = None
        self.answer = answer
        self.clock = clock
        self.names = context.names(now=clock.now().isoformat(timespec="seconds"))
        self._held = 0.0

    async def run_steps(self, steps: Iterable[CompiledStep]) -> None:
        """Run a list of steps.

        Raises:
            RunStoppedError: one failed, and the run ends with it.
        """
        for step in steps:
            await self._run_step(step)
            if self._held > _HOLD_SECONDS:
                self._held = 0.0
                await asyncio.sleep(0)

    def render(self, template: Template) -> tuple[str, tuple[str, ...]]:
        """Fill in a template within what is left of the run's time. Gives the text and the warnings.

        Raises:
            EngineError: the template failed, or a budget is used up.
        """
        left = self.budget.left(Resource.RENDER_TOTAL)
        limits = self.budget.limits
        if not left:
            raise RenderTotalBudgetError(limit=f"{limits.render_total_seconds:g}")
        started = self.clock.monotonic()
        try:
            rendered = template.render(
                self.names, seconds=min(left, limits.render_seconds), monotonic=self.clock.monotonic
            )
        except RenderTimeBudgetError as error:
            if left >= limits.render_seconds:
                raise
            total = RenderTotalBudgetError(limit=f"{limits.render_total_seconds:g}")
            total.line = error.line
            raise total from error
        finally:
            spent = self.clock.monotonic() - started
            self.budget.charge(Resource.RENDER_TOTAL, spent)
            self._held += spent
        return rendered.text, rendered.warnings

    async def _run_step(self, step: CompiledStep) -> None:
        record = Record(step.path, step.action.name, self.clock.monotonic())
        self.records.append(record)
        try:
            self.budget.spend(Resource.STEPS)
            for resource, amount in step.action.cost.items():
                self.budget.spend(resource, amount)
            record.result = await step.action.run(ActionContext(self, step, record), step.fields)
        except RunStoppedError:
            raise
        except asyncio.CancelledError:
            self.interrupted = self.interrupted or record
            raise
        except Exception as error:  # noqa: BLE001 - whatever an action does, the run answers and tells
            self._fail(step, record, error)
        finally:
            record.ended = self.clock.monotonic()

    def _fail(self, step: CompiledStep, record: Record, error: Exception) -> None:
        if isinstance(error, EngineError | ResponderError | UnknownOutcomeError):
            record.error = describe_error(error, step.path)
        else:
            record.error = describe_error(InternalStepError(), step.path, cause=error)
        refused = isinstance(error, BudgetExceededError)
        if refused or step.on_error == "stop":
            raise RunStoppedError(record.error, refused=refused) from error


class ActionContext:
    """What one running step may do; see `action.StepContext`."""

    __slots__ = ("_execution", "_record", "_step")

    def __init__(self, execution: Execution, step: CompiledStep, record: Record) -> None:
        self._execution = execution
        self._step = step
        self._record = record

    def render(self, name: str, template: Template) -> str:
        """Fill in a template and note the text as an input of the step."""
        if not template.source:
            return ""
        try:
            text, warnings = self._execution.render(template)
        except EngineError as error:
            error.at(name)
            raise
        self._record.inputs[name] = text
        self._record.warnings.extend(warnings)
        return text

    async def reply(self, message: Message) -> None:
        """Answer the person, and note it as an effect once the platform took it."""
        answer = self._execution.answer
        remark = answer.conflict(message)
        await answer.reply(message)
        if remark:
            self._record.warnings.append(remark)
        self._record.effects.append(("reply", message))

    def set_variable(self, name: str, value: str | float | bool) -> None:  # noqa: FBT001 - see StepContext
        """Make a variable hold a value for the rest of the run."""
        self._execution.names["vars"][name] = value

    async def run_block(self, name: str) -> None:
        """Run a child list of the step."""
        await self._execution.run_steps(self._step.blocks.get(name, ()))
