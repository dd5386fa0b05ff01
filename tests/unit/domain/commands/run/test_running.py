import asyncio
from typing import Any

import pytest

from socialcube.domain.commands.registry import Snapshot, build
from socialcube.domain.commands.run import Gate, RunReport, run_command
from socialcube.domain.commands.run.report import trace_of
from socialcube.domain.commands.types import Invocation
from socialcube.domain.guilds.registry import ServerRules
from socialcube.domain.logs.types import CommandLogRecord, ErrorLogRecord, ErrorSource, Outcome
from socialcube.engine.budget import Limits
from socialcube.engine.context import BotView
from socialcube.engine.ports import AlreadyAnsweredError, Message, ResponderError
from socialcube.kernel.ids import new_id
from tests.factories.commands import (
    make_invocation,
    make_published,
    make_raw_command,
    make_raw_option,
    make_reply_step,
)
from tests.fakes.engine import FakeResponder, FakeTime, settle
from tests.fakes.logs import FakeSink

BOT = BotView(id="9", name="Cube", mention="<@9>")
BROKEN = make_raw_command(steps=[{"id": "a", "type": "gone"}])


@pytest.fixture
def time() -> FakeTime:
    return FakeTime()


@pytest.fixture
def sink() -> FakeSink:
    return FakeSink()


@pytest.fixture
def responder() -> FakeResponder:
    return FakeResponder()


def snapshot(*steps: dict[str, Any], **changes: Any) -> Snapshot:
    return build(
        [make_published(document=make_raw_command(steps=list(steps or [make_reply_step()]), **changes))]
    )


class Runner:
    """Runs commands with everything that a test does not care about filled in."""

    def __init__(self, time: FakeTime, sink: FakeSink, responder: FakeResponder) -> None:
        self.time, self.sink, self.responder = time, sink, responder
        self.gate: Gate | None = None

    async def __call__(self, invocation: Invocation, commands: Snapshot, **more: Any) -> RunReport:
        return await run_command(
            invocation,
            commands,
            self.responder,
            sink=self.sink,
            clock=self.time,
            bot=BOT,
            gate=self.gate,
            call_later=self.time.call_later,
            **more,
        )

    @property
    def logged(self) -> CommandLogRecord:
        (record,) = self.sink.of(CommandLogRecord)
        return record

    @property
    def error(self) -> ErrorLogRecord:
        (record,) = self.sink.of(ErrorLogRecord)
        return record


@pytest.fixture
def run(time: FakeTime, sink: FakeSink, responder: FakeResponder) -> Runner:
    return Runner(time, sink, responder)


async def test_a_command_answers_and_leaves_one_row(run: Runner) -> None:
    commands = snapshot(make_reply_step("Hi {{ user.display_name }} on {{ server.name }}"))
    (live,) = commands.commands.values()
    invocation = make_invocation(options={"word": "x"})
    report = await run(invocation, commands)
    assert run.responder.replies == [Message("Hi Ann on Garden")]
    assert report.outcome is Outcome.SUCCEEDED
    assert report.error is None
    record = run.logged
    assert run.sink.records == [record]
    assert record.event_id == invocation.event_id
    assert (record.bot_id, record.command_id) == (invocation.bot_id, live.published.command_id)
    assert (record.command_name, record.version, record.outcome) == ("hello", 1, Outcome.SUCCEEDED)
    assert (record.guild_id, record.guild_name, record.channel_id) == (31, "Garden", 41)
    assert (record.user_id, record.user_name) == (invocation.person.id, "ann")
    assert (record.error_code, record.error_message, record.node_path) == ("", "", "")
    assert record.options == {"word": "x"}
    assert record.occurred_at == invocation.received_at
    assert not record.deferred


async def test_templates_see_bot_channel_and_every_option(run: Runner) -> None:
    text = (
        "{{bot.name}} {{channel.mention}} {{user.mention}} {{options.word}} {{options.rest | default: '-'}}"
    )
    options = [make_raw_option(), make_raw_option(name="rest")]
    invocation = make_invocation(options={"word": "x"})
    await run(invocation, snapshot(make_reply_step(text), options=options))
    assert run.responder.replies == [Message(f"Cube <#41> <@{invocation.person.id}> x -")]


async def test_a_direct_message_has_no_server(run: Runner) -> None:
    text = "{% if server %}server{% else %}direct{% endif %}"
    await run(make_invocation(guild_id=None, guild_name=""), snapshot(make_reply_step(text)))
    assert run.responder.replies == [Message("direct")]
    assert run.logged.guild_id is None


async def test_times_count_from_the_platforms_event(run: Runner) -> None:
    run.time.move(0.25)
    report = await run(make_invocation(received=1000.0), snapshot())
    assert report.milliseconds == run.logged.duration_ms == 250.0
    assert run.logged.first_response_ms == 250.0


async def test_the_trace_tells_steps_and_budgets(run: Runner) -> None:
    report = await run(make_invocation(), snapshot())
    *steps, budgets = run.logged.trace
    assert [step["type"] for step in steps if isinstance(step, dict)] == ["reply"]
    assert isinstance(budgets, dict)
    assert budgets["result"]["steps"] == {"used": 1, "limit": 100}
    assert report.to_json()["trace"] == run.logged.trace


async def test_a_broken_template_tells_the_person_politely_and_the_log_exactly(run: Runner) -> None:
    invocation = make_invocation()
    step = make_reply_step("{{ user.name | truncate: 'x' }}")
    report = await run(invocation, snapshot(step))
    (answer,) = run.responder.replies
    assert answer.private
    assert invocation.event_id.hex[-8:] in answer.content
    assert report.outcome is Outcome.FAILED
    assert run.logged.node_path == "steps[0].params.text"
    assert run.logged.error_code == "template_failed"
    error = run.error
    assert (error.source, error.code, error.bot_id) == (
        ErrorSource.COMMAND,
        "template_failed",
        invocation.bot_id,
    )
    assert error.place == "/hello steps[0].params.text"
    assert error.trace_id == str(invocation.event_id)
    assert error.message == run.logged.error_message


async def test_failures_of_one_kind_share_a_fingerprint_across_people_and_bots(run: Runner) -> None:
    broken = make_reply_step("{{ user.name | truncate: 'x' }}")
    await run(make_invocation(), snapshot(broken))
    await run(make_invocation(), snapshot(broken))
    await run(make_invocation(), snapshot(make_reply_step("ok"), broken | {"id": "b"}))
    one, same, other = (record.fingerprint for record in run.sink.of(ErrorLogRecord))
    assert one == same
    assert one != other


async def test_a_budget_that_ends_a_run_is_a_fault(run: Runner) -> None:
    report = await run(make_invocation(), snapshot(), limits=Limits(steps=0))
    assert report.outcome is Outcome.REFUSED
    assert run.error.code == "budget_steps"


async def test_a_run_out_of_time_is_logged_as_such(run: Runner) -> None:
    run.responder.gates["reply"] = asyncio.Event()
    report = await run(make_invocation(), snapshot(), limits=Limits(wall_seconds=0.01))
    assert report.outcome is run.logged.outcome is Outcome.TIMED_OUT
    assert run.error.code == "budget_wall_seconds"


async def test_an_unknown_command_is_answered_privately_and_logged(run: Runner) -> None:
    report = await run(make_invocation(command_name="ghost"), snapshot())
    (answer,) = run.responder.replies
    assert answer.private
    assert "not available" in answer.content
    assert report.outcome is Outcome.REFUSED
    record = run.logged
    assert (record.command_name, record.command_id, record.version) == ("ghost", None, None)
    assert (record.error_code, record.outcome, record.trace) == ("unknown_command", Outcome.REFUSED, [])
    assert run.sink.of(ErrorLogRecord) == []


async def test_a_broken_command_is_answered_privately_and_logged_as_a_fault(run: Runner) -> None:
    commands = build([make_published(document=BROKEN)])
    report = await run(make_invocation(), commands)
    assert run.responder.replies[0].private
    assert report.outcome is Outcome.FAILED
    assert run.logged.error_code == run.error.code == "command_broken"
    assert "steps[0].type" in run.error.message
    assert run.logged.version == 1


async def test_one_person_too_fast_is_told_so_and_nobody_is_alarmed(run: Runner) -> None:
    run.gate = Gate(run.time, runs_per_person=1)
    person = make_invocation().person
    first = await run(make_invocation(person=person), snapshot())
    second = await run(make_invocation(person=person), snapshot())
    assert (first.outcome, second.outcome) == (Outcome.SUCCEEDED, Outcome.REFUSED)
    assert run.responder.replies[1].private
    assert "Wait" in run.responder.replies[1].content
    assert [record.error_code for record in run.sink.of(CommandLogRecord)] == ["", "too_fast"]
    assert run.sink.of(ErrorLogRecord) == []


async def test_a_busy_bot_says_so_and_takes_the_next_once_there_is_room(run: Runner) -> None:
    run.gate = Gate(run.time, runs_at_once=1)
    hold = asyncio.Event()
    run.responder.gates["reply"] = hold
    running = asyncio.create_task(run(make_invocation(), snapshot()))
    await settle()
    del run.responder.gates["reply"]
    refused = await run(make_invocation(), snapshot())
    hold.set()
    await running
    taken = await run(make_invocation(), snapshot())
    assert refused.error is not None
    assert (refused.error.code, taken.outcome) == ("too_busy", Outcome.SUCCEEDED)


async def test_a_failed_run_gives_its_place_back(run: Runner) -> None:
    run.gate = Gate(run.time, runs_at_once=1)
    for _ in range(3):
        report = await run(make_invocation(), snapshot(make_reply_step("{{ user.name | truncate: 'x' }}")))
        assert report.outcome is Outcome.FAILED


async def test_data_that_is_not_plain_is_our_fault_and_nobody_is_left_waiting(run: Runner) -> None:
    report = await run(make_invocation(options={"word": object()}), snapshot())
    assert run.responder.replies[0].private
    assert report.outcome is Outcome.FAILED
    assert run.logged.error_code == "internal_error"
    assert "TypeError" in run.error.detail
    assert "Traceback" in run.error.detail


async def test_a_platform_that_refuses_even_the_notice_changes_nothing(run: Runner) -> None:
    run.responder.faults["reply"] = [ResponderError(10062, "Unknown interaction", reachable=False)]
    report = await run(make_invocation(command_name="ghost"), snapshot())
    assert report.first_response_ms is None
    assert run.logged.error_code == "unknown_command"


async def test_an_adapter_that_breaks_is_logged_with_its_trace(run: Runner) -> None:
    run.responder.faults["reply"] = [RuntimeError("socket"), RuntimeError("socket")]
    report = await run(make_invocation(), snapshot())
    assert report.outcome is Outcome.FAILED
    assert "RuntimeError: socket" in run.error.detail


async def test_a_cancelled_run_is_logged_and_stays_cancelled(run: Runner) -> None:
    run.gate = Gate(run.time, runs_at_once=1)
    run.responder.gates["reply"] = asyncio.Event()
    task = asyncio.create_task(run(make_invocation(), snapshot()))
    await settle()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert (run.logged.error_code, run.logged.outcome) == ("interrupted", Outcome.FAILED)
    assert run.sink.of(ErrorLogRecord) == []
    run.gate.enter(1)


@pytest.mark.parametrize("commands", [snapshot(), Snapshot()], ids=["run", "refusal"])
async def test_a_use_that_was_answered_before_leaves_no_row_and_alarms_nobody(
    run: Runner, commands: Snapshot
) -> None:
    run.responder.faults["reply"] = [AlreadyAnsweredError(40060, "Already")]
    report = await run(make_invocation(), commands)
    assert report.answered_before
    assert run.sink.records == []
    assert len(run.responder.calls) == 1


async def test_every_use_leaves_exactly_one_row(run: Runner) -> None:
    commands = build(
        [
            make_published(),
            make_published(name="broken", document=make_raw_command(name="broken", steps=[{}])),
        ]
    )
    uses = [make_invocation(command_name=name) for name in ("hello", "ghost", "broken", "hello")]
    for use in uses:
        await run(use, commands)
    assert [record.event_id for record in run.sink.of(CommandLogRecord)] == [use.event_id for use in uses]


def test_no_result_has_no_trace() -> None:
    assert trace_of(None) == []


async def test_a_command_that_is_off_in_the_server_is_refused_politely_and_logged(
    run: Runner, responder: FakeResponder, sink: FakeSink
) -> None:
    published = make_published()
    rules = ServerRules(disabled_commands=frozenset({published.command_id}))
    report = await run(make_invocation(), build([published]), rules=rules)
    assert responder.replies == [Message("This command is switched off on this server.", private=True)]
    assert (report.outcome, run.logged.error_code) == (Outcome.REFUSED, "command_off")
    assert sink.of(ErrorLogRecord) == []


async def test_templates_read_the_settings_of_the_server_and_never_fill_them_in(
    run: Runner, responder: FakeResponder
) -> None:
    published = make_published(
        document=make_raw_command(steps=[make_reply_step("{{ settings.welcome }}/{{ settings.gone }}")])
    )
    rules = ServerRules({"welcome": "Hi {{ user.name }}"}, disabled_commands=frozenset({new_id()}))
    await run(make_invocation(), build([published]), rules=rules)
    assert [message.content for message in responder.replies] == ["Hi {{ user.name }}/"]
