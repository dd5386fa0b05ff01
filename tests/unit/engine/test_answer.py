import asyncio
from collections.abc import AsyncIterator

import pytest

from socialcube.engine.answer import Answer
from socialcube.engine.errors import AnswerUncertainError
from socialcube.engine.ports import AlreadyAnsweredError, Message, ResponderError, UnknownOutcomeError
from tests.fakes.engine import FakeResponder, FakeTime, settle

HELLO = Message("Hello")


@pytest.fixture
async def answer(time: FakeTime, responder: FakeResponder) -> AsyncIterator[Answer]:
    """An answer to a trigger that came in 0.1 s ago; deferring is due in 1.4 s, publicly."""
    received = time.monotonic() - 0.1
    made = Answer(responder, time, time.call_later, received=received, defer_after=1.5, private=False)
    yield made
    await made.close()


async def test_quick_answer_is_not_deferred(answer: Answer, time: FakeTime, responder: FakeResponder) -> None:
    await time.advance(1.0)
    await answer.reply(HELLO)
    await time.advance(5.0)
    assert responder.calls == [("reply", HELLO)]
    assert answer.answered
    assert not answer.deferred
    assert answer.first_response_ms == pytest.approx(1_100)


async def test_answer_that_the_person_had_before_is_told_from_other_refusals(
    answer: Answer, responder: FakeResponder
) -> None:
    responder.faults["reply"] = [ResponderError(50035, "Invalid"), AlreadyAnsweredError(40060, "Already")]
    with pytest.raises(ResponderError):
        await answer.reply(HELLO)
    known = [answer.answered_before]
    with pytest.raises(AlreadyAnsweredError):
        await answer.reply(HELLO)
    assert [*known, answer.answered_before] == [False, True]
    assert not answer.is_open


async def test_slow_answer_is_deferred_in_time(
    answer: Answer, time: FakeTime, responder: FakeResponder
) -> None:
    await time.advance(1.39)
    assert responder.calls == []
    await time.advance(0.02)
    assert responder.calls == [("defer", False)]
    await time.advance(9.0)
    await answer.reply(HELLO)
    assert responder.calls == [("defer", False), ("reply", HELLO)]
    assert answer.deferred
    assert answer.first_response_ms == pytest.approx(1_510)


async def test_late_trigger_is_deferred_at_once(time: FakeTime, responder: FakeResponder) -> None:
    late = Answer(
        responder, time, time.call_later, received=time.monotonic() - 2, defer_after=1.5, private=True
    )
    await time.advance(0)
    assert responder.calls == [("defer", True)]
    await late.close()


async def test_answer_waits_for_a_deferral_on_its_way(
    answer: Answer, time: FakeTime, responder: FakeResponder
) -> None:
    responder.gates["defer"] = asyncio.Event()
    await time.advance(2.0)
    replying = asyncio.create_task(answer.reply(HELLO))
    await settle()
    assert responder.calls == [("defer", False)]
    responder.gates["defer"].set()
    await replying
    assert responder.calls == [("defer", False), ("reply", HELLO)]


async def test_answer_on_its_way_is_not_deferred(
    answer: Answer, time: FakeTime, responder: FakeResponder
) -> None:
    responder.gates["reply"] = asyncio.Event()
    replying = asyncio.create_task(answer.reply(HELLO))
    await time.advance(5.0)
    responder.gates["reply"].set()
    await replying
    assert responder.calls == [("reply", HELLO)]


async def test_refused_answer_may_be_tried_again(answer: Answer, responder: FakeResponder) -> None:
    responder.faults["reply"] = [ResponderError(50035, "Invalid Form Body")]
    with pytest.raises(ResponderError):
        await answer.reply(HELLO)
    assert answer.is_open
    await answer.reply(HELLO)
    assert len(responder.calls) == 2
    assert not answer.is_open


async def test_person_is_not_forgotten_after_a_refused_answer(
    answer: Answer, time: FakeTime, responder: FakeResponder
) -> None:
    responder.faults["reply"] = [ResponderError(50035, "Invalid Form Body")]
    with pytest.raises(ResponderError):
        await answer.reply(HELLO)
    await time.advance(2.0)
    assert responder.calls[1:] == [("defer", False)]
    responder.faults["reply"] = [ResponderError(50035, "Invalid Form Body")]
    with pytest.raises(ResponderError):
        await answer.reply(HELLO)
    await time.advance(9.0)
    assert [name for name, _ in responder.calls] == ["reply", "defer", "reply"]


async def test_nothing_is_sent_once_nobody_can_be_reached(answer: Answer, responder: FakeResponder) -> None:
    responder.faults["reply"] = [ResponderError(10062, "Unknown interaction", reachable=False)]
    for _ in range(3):
        with pytest.raises(ResponderError, match="10062"):
            await answer.reply(HELLO)
    assert len(responder.calls) == 1
    assert not answer.is_open


async def test_nothing_is_sent_after_an_answer_that_may_have_arrived(
    answer: Answer, responder: FakeResponder
) -> None:
    responder.faults["reply"] = [OSError("connection lost")]
    with pytest.raises(OSError, match="lost"):
        await answer.reply(HELLO)
    assert not answer.is_open
    with pytest.raises(AnswerUncertainError):
        await answer.reply(HELLO)
    assert len(responder.calls) == 1


async def test_cut_off_answer_counts_as_sent(answer: Answer, responder: FakeResponder) -> None:
    responder.gates["reply"] = asyncio.Event()
    replying = asyncio.create_task(answer.reply(HELLO))
    await settle()
    replying.cancel()
    with pytest.raises(asyncio.CancelledError):
        await replying
    with pytest.raises(AnswerUncertainError):
        await answer.reply(HELLO)


async def test_refused_deferral_is_recorded_and_the_answer_still_goes(
    answer: Answer, time: FakeTime, responder: FakeResponder
) -> None:
    responder.faults["defer"] = [ResponderError(500, "Server Error")]
    await time.advance(2.0)
    assert not answer.deferred
    assert answer.first_response_ms is None
    assert answer.defer_record is not None
    assert answer.defer_record.error is not None
    assert answer.defer_record.error.code == "answer_refused"
    await answer.reply(HELLO)
    assert answer.answered


async def test_deferral_that_nobody_takes_closes_the_way(
    answer: Answer, time: FakeTime, responder: FakeResponder
) -> None:
    responder.faults["defer"] = [ResponderError(10062, "Unknown interaction", reachable=False)]
    await time.advance(2.0)
    with pytest.raises(ResponderError):
        await answer.reply(HELLO)
    assert responder.calls == [("defer", False)]


async def test_deferral_that_nobody_confirmed_is_not_taken_for_our_fault(
    answer: Answer, time: FakeTime, responder: FakeResponder
) -> None:
    responder.faults["defer"] = [UnknownOutcomeError(reason="no answer in time")]
    await time.advance(2.0)
    assert answer.defer_record is not None
    assert answer.defer_record.error is not None
    assert answer.defer_record.error.code == "answer_unconfirmed"
    assert answer.defer_record.error.cause is None


async def test_broken_adapter_does_not_break_the_timer(
    answer: Answer, time: FakeTime, responder: FakeResponder
) -> None:
    responder.faults["defer"] = [KeyError("oops")]
    await time.advance(2.0)
    assert answer.defer_record is not None
    assert answer.defer_record.error is not None
    assert answer.defer_record.error.code == "internal_error"
    assert isinstance(answer.defer_record.error.cause, KeyError)


async def test_other_privacy_than_deferred_is_remarked_once(
    answer: Answer, time: FakeTime, responder: FakeResponder
) -> None:
    private = Message("psst", private=True)
    assert answer.conflict(private) == ""
    await time.advance(2.0)
    assert answer.conflict(HELLO) == ""
    assert "is public: Discord fixed that" in answer.conflict(private)
    await answer.reply(HELLO)
    assert answer.conflict(private) == ""
    assert len(responder.calls) == 2


async def test_closing_leaves_no_task_behind(time: FakeTime, responder: FakeResponder) -> None:
    responder.gates["defer"] = asyncio.Event()
    made = Answer(responder, time, time.call_later, received=time.monotonic(), defer_after=1.5, private=False)
    await time.advance(2.0)
    await made.close()
    assert asyncio.all_tasks() == {asyncio.current_task()}
