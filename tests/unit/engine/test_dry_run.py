from socialcube.engine.dry_run import RecordingResponder
from socialcube.engine.runner import run
from tests.factories.engine import make_context, make_program, make_reply
from tests.fakes.engine import FakeTime


async def test_dry_run_sends_nothing_and_tells_what_it_would_have_sent(time: FakeTime) -> None:
    responder = RecordingResponder()
    program = make_program(make_reply("Hi {{ user.name }}", private=True))
    result = await run(program, make_context(), responder, clock=time, call_later=time.call_later)
    assert result.outcome == "ok"
    assert [message.content for message in responder.messages] == ["Hi ann"]
    assert responder.deferred is None
    assert result.trace[0].effects == ({"kind": "reply", "content": "Hi ann", "private": True},)


async def test_deferring_is_recorded_too() -> None:
    responder = RecordingResponder()
    await responder.defer(True)  # noqa: FBT003 - the port's signature
    assert responder.deferred is True
