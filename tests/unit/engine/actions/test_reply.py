from socialcube.engine.actions.reply import Reply, ReplyFields
from socialcube.engine.ports import Message
from tests.factories.engine import make_reply
from tests.fakes.engine import FakeResponder
from tests.unit.engine.conftest import Run


async def test_reply_sends_its_text(run_steps: Run, responder: FakeResponder) -> None:
    result = await run_steps(make_reply("Hi {{ user.mention }} on {{ server.name }}"))
    assert responder.calls == [("reply", Message("Hi <@1> on Home"))]
    assert result.outcome == "ok"


async def test_private_reply_is_private(run_steps: Run, responder: FakeResponder) -> None:
    await run_steps(make_reply("a", private=True))
    assert responder.replies[0].private


async def test_each_reply_is_a_write_to_discord(run_steps: Run, responder: FakeResponder) -> None:
    result = await run_steps(*[make_reply(str(number)) for number in range(11)])
    assert result.outcome == "refused"
    assert result.error is not None
    assert (result.error.code, result.error.path) == ("budget_discord_writes", "steps[10]")
    assert len(responder.replies) == 10


def test_privacy_is_known_before_the_run() -> None:
    assert Reply().answers_privately(ReplyFields.model_validate({"text": "a", "private": True})) is True
    assert Reply().answers_privately(ReplyFields.model_validate({"text": "a"})) is False
