import asyncio
from typing import Any

import pytest

from socialcube.engine.ports import ResponderError, UnknownOutcomeError
from socialcube.engine.template import Template
from tests.factories.engine import make_if, make_reply, make_step
from tests.fakes.engine import FakeResponder, FakeTime
from tests.unit.engine.conftest import Run


def broken(**more: Any) -> dict[str, Any]:
    return make_reply("a\n{{ 1 | divided_by: 0 }}", **more)


@pytest.fixture
def slow_templates(monkeypatch: pytest.MonkeyPatch, time: FakeTime) -> None:
    """Make filling in each text take 0.2 s of fake time."""
    original = Template.render

    def render(self: Template, *args: Any, **kwargs: Any) -> Any:
        time.move(0.2)
        return original(self, *args, **kwargs)

    monkeypatch.setattr(Template, "render", render)


async def test_steps_run_in_order(run_steps: Run, responder: FakeResponder) -> None:
    result = await run_steps(make_reply("1"), make_if("a", otherwise=[make_reply("2")]), make_reply("3"))
    assert [reply.content for reply in responder.replies] == ["1", "2", "3"]
    assert [element.type for element in result.trace] == ["reply", "if", "reply", "reply"]


async def test_failed_step_stops_the_run(run_steps: Run, responder: FakeResponder) -> None:
    result = await run_steps(
        make_if("yes", then=[broken(), make_reply("not reached")]), make_reply("neither")
    )
    assert result.outcome == "failed"
    assert result.error is not None
    assert (result.error.code, result.error.path, result.error.line) == (
        "template_failed",
        "steps[0].then[0].params.text",
        2,
    )
    assert [element.error is None for element in result.trace] == [True, False, True]
    assert "problem" in responder.replies[0].content


async def test_failed_step_may_be_passed_over(run_steps: Run, responder: FakeResponder) -> None:
    result = await run_steps(broken(on_error="continue"), make_reply("after"))
    assert (result.outcome, result.error) == ("ok", None)
    assert [reply.content for reply in responder.replies] == ["after"]
    assert result.trace[0].error is not None


async def test_step_that_passes_over_its_own_mistakes_does_not_hide_those_inside(run_steps: Run) -> None:
    result = await run_steps(make_if("yes", then=[broken()], on_error="continue"))
    assert result.outcome == "failed"


async def test_used_up_budget_always_ends_the_run(run_steps: Run) -> None:
    steps = [make_step("set_variable", name="a", value="b", on_error="continue") for _ in range(4)]
    result = await run_steps(*steps, limits={"steps": 3})
    assert result.outcome == "refused"
    assert result.error is not None
    assert (result.error.code, result.error.path) == ("budget_steps", "steps[3]")
    assert {use.name: (use.used, use.limit) for use in result.budgets}["steps"] == (3, 3)


async def test_refusal_of_discord_is_recorded_and_stops(run_steps: Run, responder: FakeResponder) -> None:
    responder.faults["reply"] = [ResponderError(50035, "Invalid Form Body")]
    result = await run_steps(make_reply("a"), make_reply("b"))
    assert result.error is not None
    assert (result.error.code, result.error.path) == ("answer_refused", "steps[0]")
    assert "50035" in result.error.message
    assert result.trace[0].effects == ()
    assert responder.replies[0].content == "a"
    assert "problem" in responder.replies[1].content


async def test_answer_that_nobody_confirmed_is_not_our_fault_and_is_not_sent_again(
    run_steps: Run, responder: FakeResponder
) -> None:
    responder.faults["reply"] = [UnknownOutcomeError(reason="no answer in time")]
    result = await run_steps(make_reply("a"))
    assert result.error is not None
    assert (result.error.code, result.error.path) == ("answer_unconfirmed", "steps[0]")
    assert "no answer in time" in result.error.message
    assert result.error.cause is None
    assert len(responder.calls) == 1


async def test_our_own_fault_is_told_as_ours(run_steps: Run, responder: FakeResponder) -> None:
    responder.faults["reply"] = [KeyError("oops")]
    result = await run_steps(make_reply("a"))
    assert result.error is not None
    assert result.error.code == "internal_error"
    assert isinstance(result.error.cause, KeyError)
    assert "oops" not in result.error.message
    assert len(responder.calls) == 1


async def test_inputs_and_remarks_are_traced(run_steps: Run) -> None:
    result = await run_steps(make_reply("Hi {{ user.name }}{{ options.nope }}"))
    assert result.trace[0].inputs == {"text": "Hi ann"}
    assert result.trace[0].warnings == ("`options.nope` has no value, so it wrote nothing.",)


async def test_clock_of_the_run_is_the_templates_now(run_steps: Run, responder: FakeResponder) -> None:
    await run_steps(make_reply("{{ now }} {{ now | date: '%H:%M' }}"))
    assert responder.replies[0].content == "2025-01-02T03:04:05+00:00 03:04"


@pytest.mark.usefixtures("slow_templates")
async def test_all_texts_together_have_a_budget(run_steps: Run) -> None:
    result = await run_steps(*[make_reply("{{ user.name | strip }}") for _ in range(8)])
    assert result.error is not None
    assert (result.outcome, result.error.code) == ("refused", "budget_render_total_seconds")
    assert result.error.path == "steps[5].params.text"
    assert "1 seconds together" in result.error.message


async def test_last_text_gets_only_the_time_that_is_left(
    run_steps: Run, monkeypatch: pytest.MonkeyPatch, time: FakeTime
) -> None:
    monkeypatch.setattr(time, "monotonic", lambda: time.move(0.02))
    step = make_reply("{% for i in (1..4) %}{{ i }}{% endfor %}")
    result = await run_steps(step, limits={"render_seconds": 9.0, "render_total_seconds": 0.1})
    assert result.error is not None
    assert (result.error.code, result.error.line) == ("budget_render_total_seconds", 1)


@pytest.mark.usefixtures("slow_templates")
async def test_run_that_ends_between_steps_has_no_place(run_steps: Run) -> None:
    steps = [make_step("set_variable", name="a", value="b") for _ in range(4)]
    result = await run_steps(*steps, limits={"wall_seconds": 0})
    assert result.error is not None
    assert (result.error.code, result.error.path) == ("budget_wall_seconds", "")


@pytest.mark.usefixtures("slow_templates")
async def test_others_get_a_turn_between_slow_texts(run_steps: Run) -> None:
    turns = 0

    async def count() -> None:
        nonlocal turns
        while True:
            turns += 1
            await asyncio.sleep(0)

    counting = asyncio.create_task(count())
    await run_steps(*[make_step("set_variable", name="a", value="b") for _ in range(4)])
    counting.cancel()
    assert turns >= 4


async def test_slow_single_text_is_refused(
    run_steps: Run, monkeypatch: pytest.MonkeyPatch, time: FakeTime
) -> None:
    monkeypatch.setattr(time, "monotonic", lambda: time.move(0.02))
    result = await run_steps(make_reply("{% for i in (1..99) %}{{ i }}{% endfor %}"))
    assert result.error is not None
    assert (result.outcome, result.error.code, result.error.line) == ("refused", "budget_render_seconds", 1)
    assert result.error.path == "steps[0].params.text"
