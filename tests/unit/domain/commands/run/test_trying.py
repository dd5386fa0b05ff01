import json
from uuid import UUID

import pytest

from socialcube.domain.commands.errors import AnswersInvalidError, CommandsInvalidError
from socialcube.domain.commands.run import try_command
from socialcube.domain.logs.types import Outcome
from socialcube.engine.context import BotView
from tests.factories.commands import make_document, make_raw_option, make_reply_step
from tests.fakes.clock import FakeClock

BOT = BotView(id="9", name="Cube")
BOT_ID = UUID(int=9)


async def test_a_trial_shows_what_would_have_been_sent(clock: FakeClock) -> None:
    steps = [make_reply_step("Hi {{ user.display_name }}: {{ options.word }}", private=True)]
    document = make_document(options=[make_raw_option()], steps=steps)
    trial = await try_command(BOT_ID, document, {"word": "fern"}, bot=BOT, clock=clock)
    assert trial.report.outcome is Outcome.SUCCEEDED
    (message,) = trial.messages
    assert (message["content"], message["private"]) == ("Hi You: fern", True)
    data = json.loads(json.dumps(trial.to_json()))
    assert data["messages"][0]["content"] == "Hi You: fern"
    assert data["outcome"] == "succeeded"
    assert data["error"] is None
    assert [element["type"] for element in data["trace"]] == ["reply", "budgets"]


async def test_a_trial_of_a_failing_command_tells_where(clock: FakeClock) -> None:
    document = make_document(steps=[make_reply_step("{{ user.name | truncate: 'x' }}")])
    trial = await try_command(BOT_ID, document, {}, bot=BOT, clock=clock, command_id=UUID(int=3))
    assert trial.to_json()["error"]["path"] == "steps[0].params.text"
    assert trial.messages[0]["private"]


async def test_a_document_with_problems_cannot_be_tried(clock: FakeClock) -> None:
    document = make_document(steps=[{"id": "a", "type": "gone"}])
    with pytest.raises(CommandsInvalidError):
        await try_command(BOT_ID, document, {}, bot=BOT, clock=clock)


async def test_answers_that_nobody_could_type_are_refused(clock: FakeClock) -> None:
    with pytest.raises(AnswersInvalidError) as caught:
        await try_command(BOT_ID, make_document(), {"word": "x"}, bot=BOT, clock=clock)
    assert caught.value.problems[0].path == "word"
