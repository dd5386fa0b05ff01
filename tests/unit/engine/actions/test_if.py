from typing import Any

import pytest

from tests.factories.engine import make_if, make_reply, make_step
from tests.fakes.engine import FakeResponder
from tests.unit.engine.conftest import Run


def rows(*lefts: str) -> list[dict[str, Any]]:
    return [{"left": left, "operator": "equals", "right": "yes"} for left in lefts]


@pytest.mark.parametrize(("answer", "expected"), [("yes", "then"), ("no", "else")])
async def test_if_runs_the_list_that_its_conditions_choose(
    run_steps: Run, responder: FakeResponder, answer: str, expected: str
) -> None:
    step = make_if("{{ options.answer }}", then=[make_reply("then")], otherwise=[make_reply("else")])
    result = await run_steps(step, facts={"options": {"answer": answer}})
    assert [reply.content for reply in responder.replies] == [expected]
    assert result.trace[0].result == {"matched": expected == "then"}
    assert [element.path for element in result.trace] == ["steps[0]", f"steps[0].{expected}[0]"]


@pytest.mark.parametrize(
    ("match", "lefts", "matched", "compared"),
    [
        ("all", ["yes", "yes"], True, 2),
        ("all", ["no", "yes"], False, 1),
        ("any", ["no", "yes"], True, 2),
        ("any", ["yes", "no"], True, 1),
        ("any", ["no", "no"], False, 2),
    ],
)
async def test_rows_are_compared_until_the_result_is_clear(
    run_steps: Run,
    match: str,
    lefts: list[str],
    matched: bool,
    compared: int,
) -> None:
    result = await run_steps(make_step("if", match=match, conditions=rows(*lefts)))
    assert result.trace[0].result == {"matched": matched}
    assert len([name for name in result.trace[0].inputs if name.endswith(".left")]) == compared


async def test_list_that_is_not_there_is_empty(run_steps: Run) -> None:
    assert (await run_steps(make_if("yes"))).outcome == "ok"


async def test_row_that_cannot_be_compared_fails_the_step(run_steps: Run) -> None:
    result = await run_steps(make_if("ten", "greater", "9", then=[make_reply("x")]))
    assert result.error is not None
    assert (result.error.code, result.error.path) == ("not_a_number", "steps[0].params.conditions[0]")


async def test_right_side_may_be_left_out(run_steps: Run) -> None:
    step = make_step("if", conditions=[{"left": "{{ options.none }}", "operator": "is_empty"}])
    assert (await run_steps(step, facts={"options": {"none": None}})).trace[0].result == {"matched": True}
