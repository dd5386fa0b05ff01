from typing import Any

import pytest

from tests.factories.engine import make_reply, make_step
from tests.fakes.engine import FakeResponder
from tests.unit.engine.conftest import Run


def set_variable(value: str, kind: str = "text", name: str = "x") -> dict[str, Any]:
    return make_step("set_variable", name=name, value=value, kind=kind)


@pytest.mark.parametrize(
    ("value", "kind", "expected"),
    [
        ("{{ user.name }}", "text", "ann"),
        ("", "text", ""),
        ("12", "number", 12),
        ("12.0", "number", 12),
        (" -1.5 ", "number", -1.5),
        ("Yes", "yes_no", True),
        ("1", "yes_no", True),
        ("off", "yes_no", False),
        ("{{ options.none }}", "yes_no", False),
    ],
)
async def test_variable_holds_its_value(run_steps: Run, value: str, kind: str, expected: object) -> None:
    result = await run_steps(set_variable(value, kind), facts={"options": {"none": None}})
    assert result.outcome == "ok"
    assert result.trace[0].result == {"name": "x", "value": expected}
    assert type(result.trace[0].result["value"]) is type(expected)


async def test_later_steps_read_the_newest_value(run_steps: Run, responder: FakeResponder) -> None:
    counts = [set_variable("{{ vars.x | plus: 1 }}", "number") for _ in range(2)]
    step = make_reply("{{ vars.x }}{% if vars.x > 1 %}!{% endif %}")
    await run_steps(set_variable("1", "number"), *counts, step)
    assert responder.replies[0].content == "3!"


async def test_variables_from_before_the_run_are_readable(run_steps: Run, responder: FakeResponder) -> None:
    await run_steps(make_reply("{{ vars.old }}"), facts={"vars": {"old": "before"}})
    assert responder.replies[0].content == "before"


@pytest.mark.parametrize(
    ("value", "kind", "code"),
    [
        ("ten", "number", "not_a_number"),
        ("", "number", "not_a_number"),
        ("perhaps", "yes_no", "not_yes_or_no"),
    ],
)
async def test_value_that_does_not_fit_its_kind_fails(
    run_steps: Run, value: str, kind: str, code: str
) -> None:
    result = await run_steps(set_variable(value, kind))
    assert result.error is not None
    assert (result.error.code, result.error.path) == (code, "steps[0].params.value")


async def test_variables_have_a_budget(run_steps: Run) -> None:
    result = await run_steps(*[set_variable("a") for _ in range(21)])
    assert result.error is not None
    assert (result.outcome, result.error.code) == ("refused", "budget_variable_operations")
