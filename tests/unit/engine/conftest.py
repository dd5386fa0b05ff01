from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from socialcube.engine.budget import Limits
from socialcube.engine.runner import RunResult, run
from tests.factories.engine import make_context, make_program
from tests.fakes.engine import FakeResponder, FakeTime

Run = Callable[..., Awaitable[RunResult]]


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def responder() -> FakeResponder:
    return FakeResponder()


@pytest.fixture
def run_steps(time: FakeTime, responder: FakeResponder) -> Run:
    """Run raw steps on fake time; `facts` go into the context and `limits` into the budgets."""

    async def run_them(
        *steps: dict[str, Any], facts: dict[str, Any] | None = None, limits: dict[str, Any] | None = None
    ) -> RunResult:
        context = make_context(**(facts or {}))
        program = make_program(*steps)
        budgets = Limits(**(limits or {}))
        return await run(program, context, responder, limits=budgets, clock=time, call_later=time.call_later)

    return run_them
