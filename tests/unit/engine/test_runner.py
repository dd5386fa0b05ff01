import asyncio
from uuid import UUID

import pytest

from socialcube.engine.action import Action, StepContext
from socialcube.engine.budget import Limits
from socialcube.engine.fields import Fields
from socialcube.engine.ports import ResponderError, UnknownOutcomeError
from socialcube.engine.program import CompiledStep, Program, link
from socialcube.engine.runner import run
from tests.factories.engine import make_context, make_if, make_program, make_reply, make_step
from tests.fakes.engine import FakeResponder, FakeTime, settle
from tests.unit.engine.conftest import Run

RUN_ID = UUID("01890a5d-ac96-774b-bcce-b302099a8057")
BROKEN = "{{ 1 | divided_by: 0 }}"


class Wait(Action[Fields]):
    """Waits on the test's time, as an action that calls somebody would."""

    name = "wait"
    label = "Wait"
    description = "Waits."
    fields_model = Fields

    def __init__(self, time: FakeTime, seconds: float) -> None:
        self.time = time
        self.seconds = seconds

    async def run(self, context: StepContext, fields: Fields) -> None:
        del context, fields
        await self.time.sleep(self.seconds)


def slowed(time: FakeTime, program: Program, seconds: float = 5.0) -> Program:
    """Put a wait before the steps of a program."""
    wait = CompiledStep("wait", "wait", Wait(time, seconds), Fields(), "stop", {})
    return link(program.document, [wait, *program.steps])


def set_variable() -> dict[str, object]:
    return make_step("set_variable", name="a", value="b")


async def test_person_gets_a_polite_private_notice_with_the_reference(
    time: FakeTime, responder: FakeResponder
) -> None:
    program = make_program(make_reply(BROKEN))
    result = await run(
        program, make_context(), responder, clock=time, call_later=time.call_later, run_id=RUN_ID
    )
    (notice,) = responder.replies
    assert notice.private
    assert notice.content == (
        "This command hit a problem. The owner of the bot can see what happened in the log "
        "(reference 099a8057)."
    )
    assert (result.run_id, result.reference) == (RUN_ID, "099a8057")
    assert [element.type for element in result.trace] == ["reply", "notice"]


async def test_person_who_was_answered_gets_no_notice(run_steps: Run, responder: FakeResponder) -> None:
    result = await run_steps(make_reply("first"), make_reply(BROKEN))
    assert result.outcome == "failed"
    assert [reply.content for reply in responder.replies] == ["first"]


async def test_run_without_an_answer_says_that_it_is_done(run_steps: Run, responder: FakeResponder) -> None:
    result = await run_steps(set_variable())
    assert [(reply.content, reply.private) for reply in responder.replies] == [("Done.", True)]
    assert result.outcome == "ok"
    assert result.trace[1].type == "notice"


async def test_result_says_what_was_done_and_used(run_steps: Run) -> None:
    result = await run_steps(make_if("a", otherwise=[make_reply("b")]))
    assert result.outcome == "ok"
    assert result.error is None
    assert not result.deferred
    assert result.trace[1].path == "steps[0].else[0]"
    [writes] = [use for use in result.budgets if use.name == "discord_writes"]
    assert writes.used == 1
    assert writes.limit == 10
    failed = await run_steps(make_reply(BROKEN))
    assert failed.error is not None
    assert failed.error.code == "template_failed"


async def test_time_since_the_trigger_counts(time: FakeTime, responder: FakeResponder) -> None:
    received = time.monotonic() - 0.4
    result = await run(
        make_program(make_reply()),
        make_context(),
        responder,
        clock=time,
        call_later=time.call_later,
        received=received,
    )
    assert result.first_response_ms == pytest.approx(400)
    assert result.milliseconds == 0


@pytest.mark.parametrize("private", [True, False])
async def test_slow_run_is_deferred_with_the_privacy_of_its_first_answer(
    time: FakeTime, responder: FakeResponder, *, private: bool
) -> None:
    program = slowed(time, make_program(make_reply("late", private=private)))
    running = asyncio.create_task(
        run(program, make_context(), responder, clock=time, call_later=time.call_later)
    )
    await time.advance(1.49)
    assert responder.calls == []
    await time.advance(0.02)
    assert responder.calls == [("defer", private)]
    await time.advance(9.0)
    result = await running
    assert [reply.content for reply in responder.replies] == ["late"]
    assert (result.deferred, result.outcome) == (True, "ok")
    assert result.first_response_ms == pytest.approx(1_510)
    assert [element.type for element in result.trace] == ["wait", "defer", "reply"]
    assert result.trace[1].effects == ({"kind": "defer", "private": private},)


async def test_privacy_that_deferring_fixed_otherwise_is_remarked(
    time: FakeTime, responder: FakeResponder
) -> None:
    branches = make_if("yes", then=[make_reply("public")], otherwise=[make_reply("p", private=True)])
    program = slowed(time, make_program(branches))
    running = asyncio.create_task(
        run(program, make_context(), responder, clock=time, call_later=time.call_later)
    )
    await time.advance(2.0)
    await time.advance(9.0)
    result = await running
    assert responder.calls[0] == ("defer", True)
    assert result.trace[3].warnings == (
        "The answer is private: Discord fixed that when the answer took longer and was deferred.",
    )


async def test_broken_template_after_a_deferral_still_gets_its_notice(
    time: FakeTime, responder: FakeResponder
) -> None:
    program = slowed(time, make_program(make_reply(BROKEN)))
    running = asyncio.create_task(
        run(program, make_context(), responder, clock=time, call_later=time.call_later)
    )
    await time.advance(2.0)
    await time.advance(9.0)
    result = await running
    assert [name for name, _ in responder.calls] == ["defer", "reply"]
    assert result.outcome == "failed"


async def test_hanging_answer_is_ended_by_the_wall(time: FakeTime, responder: FakeResponder) -> None:
    responder.gates["reply"] = asyncio.Event()
    program = make_program(make_if("yes", then=[make_reply("a")]), make_reply("b"))
    limits = Limits(wall_seconds=0)
    result = await run(
        program, make_context(), responder, limits=limits, clock=time, call_later=time.call_later
    )
    assert result.outcome == "refused"
    assert result.error is not None
    assert (result.error.code, result.error.path) == ("budget_wall_seconds", "steps[0].then[0]")
    assert result.trace[1].error == result.error
    assert len(responder.calls) == 1


async def test_run_that_waits_too_long_is_ended_with_a_notice(
    time: FakeTime, responder: FakeResponder
) -> None:
    program = slowed(time, make_program(make_reply("never")))
    limits = Limits(wall_seconds=0)
    result = await run(
        program, make_context(), responder, limits=limits, clock=time, call_later=time.call_later
    )
    assert result.error is not None
    assert (result.outcome, result.error.code, result.error.path) == (
        "refused",
        "budget_wall_seconds",
        "wait",
    )
    assert "problem" in responder.replies[0].content


async def test_empty_program_that_is_out_of_time_has_no_place(
    time: FakeTime, responder: FakeResponder
) -> None:
    result = await run(make_program(), make_context(), responder, clock=time, call_later=time.call_later)
    assert (result.outcome, result.trace[0].type) == ("ok", "notice")


@pytest.mark.parametrize(
    ("fault", "code"),
    [
        (ResponderError(10062, "Unknown interaction", reachable=False), "answer_refused"),
        (UnknownOutcomeError(reason="no answer in time"), "answer_unconfirmed"),
        (KeyError("oops"), "internal_error"),
    ],
)
async def test_notice_that_cannot_be_sent_is_in_the_trace(
    run_steps: Run, responder: FakeResponder, fault: Exception, code: str
) -> None:
    responder.faults["reply"] = [fault]
    result = await run_steps(make_reply(BROKEN))
    assert result.error is not None
    assert result.error.code == "template_failed"
    assert result.trace[1].error is not None
    assert (result.trace[1].type, result.trace[1].error.code) == ("notice", code)
    assert len(responder.calls) == 1


async def test_hanging_notice_is_given_up(
    time: FakeTime, responder: FakeResponder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("socialcube.engine.runner._NOTICE_SECONDS", 0)
    responder.gates["reply"] = asyncio.Event()
    result = await run(make_program(), make_context(), responder, clock=time, call_later=time.call_later)
    assert result.trace[0].error is not None
    assert result.trace[0].error.code == "internal_error"


async def test_run_needs_nothing_but_its_ports(responder: FakeResponder) -> None:
    result = await run(make_program(make_reply()), make_context(), responder)
    assert result.outcome == "ok"
    assert result.first_response_ms is not None


async def test_cancelled_run_leaves_nothing_behind(time: FakeTime, responder: FakeResponder) -> None:
    responder.gates["reply"] = asyncio.Event()
    running = asyncio.create_task(
        run(make_program(make_reply()), make_context(), responder, clock=time, call_later=time.call_later)
    )
    await settle()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert len(responder.calls) == 1
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_cancelling_while_the_deferral_hangs_leaves_nothing_behind(
    time: FakeTime, responder: FakeResponder
) -> None:
    responder.gates["defer"] = asyncio.Event()
    program = slowed(time, make_program(make_reply()))
    running = asyncio.create_task(
        run(program, make_context(), responder, clock=time, call_later=time.call_later)
    )
    await time.advance(2.0)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert asyncio.all_tasks() == {asyncio.current_task()}


async def test_many_runs_of_one_program_do_not_meet(time: FakeTime) -> None:
    program = make_program(
        make_step("set_variable", name="who", value="{{ vars.who }}{{ options.name }}"),
        make_reply("{{ vars.who }}"),
    )
    responders = [FakeResponder() for _ in range(50)]
    await asyncio.gather(
        *(
            run(
                program,
                make_context(options={"name": str(n)}),
                responder,
                clock=time,
                call_later=time.call_later,
            )
            for n, responder in enumerate(responders)
        )
    )
    assert [responder.replies[0].content for responder in responders] == [str(n) for n in range(50)]
