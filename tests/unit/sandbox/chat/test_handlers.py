from typing import TYPE_CHECKING, Any

import pytest

from socialcube.sandbox.chat.errors import (
    BadFieldError,
    ForeignPageError,
    NoSuchPersonError,
    TooLongError,
    plain_sentence,
)
from socialcube.sandbox.chat.handlers import PAGE, Handlers
from socialcube.sandbox.errors import (
    EmptyMessageError,
    InvalidOptionError,
    MissingAccessError,
    MissingPermissionsError,
    UnknownChannelError,
    UnknownCommandError,
    UnknownMessageError,
)
from socialcube.sandbox.world.changes import Change, InteractionStarted
from socialcube.sandbox.world.drafts import Draft
from socialcube.sandbox.world.records import EPHEMERAL, Origin
from socialcube.sandbox.world.seed import GREENHOUSE, MARA
from tests.unit.sandbox.chat.support import answer_of, slash

if TYPE_CHECKING:
    from socialcube.sandbox.world.world import World
    from tests.unit.sandbox.chat.support import RequestMaker

GENERAL, STAFF, WELCOME = "3002", "3005", "3011"
BUTTON = [{"type": 1, "components": [{"type": 2, "style": 1, "label": "Go", "custom_id": "go"}]}]


async def test_the_demo_people_and_the_panel_are_told(
    handlers: Handlers, make_request: "RequestMaker"
) -> None:
    answer = answer_of(await handlers.people(make_request("/chat/api/people")))
    assert [person["name"] for person in answer["people"]] == ["Mara", "Jonas", "Priya", "Theo"]
    assert answer["panel_url"] == "http://127.0.0.1:5000/"


async def test_the_view_is_the_persons_own(handlers: Handlers, make_request: "RequestMaker") -> None:
    answer = answer_of(await handlers.view(make_request("/chat/api/view?as=1004")))
    assert (answer["me"]["name"], len(answer["guilds"])) == ("Theo", 1)


@pytest.mark.parametrize("person", ["5001", "77", "99999999999999999999"])
async def test_nobody_else_can_be_chosen(
    handlers: Handlers, make_request: "RequestMaker", person: str
) -> None:
    with pytest.raises(NoSuchPersonError):
        await handlers.view(make_request(f"/chat/api/view?as={person}"))


async def test_a_posted_text_becomes_a_message(
    handlers: Handlers, make_request: "RequestMaker", world: "World"
) -> None:
    request = make_request("/chat", {"as": "1001", "content": "hi"}, channel=GENERAL)
    response = await handlers.post_message(request)
    assert (response.status, answer_of(response)["content"]) == (201, "hi")
    assert [message.content for message in world.messages.list_in(int(GENERAL))] == ["hi"]


@pytest.mark.parametrize(
    ("body", "channel", "failure"),
    [
        ({"as": "1001", "content": ""}, GENERAL, EmptyMessageError),
        ({"as": "1001", "content": "   \n"}, GENERAL, EmptyMessageError),
        ({"as": "1001", "content": "x" * 2001}, GENERAL, TooLongError),
        ({"as": "1001", "content": 7}, GENERAL, BadFieldError),
        ({"as": "1001"}, GENERAL, BadFieldError),
        ({"content": "hi"}, GENERAL, BadFieldError),
        ({"as": "77", "content": "hi"}, GENERAL, NoSuchPersonError),
        ({"as": "1001", "content": "hi"}, "99", UnknownChannelError),
        ({"as": "1001", "content": "hi"}, "general", BadFieldError),
        ({"as": "1004", "content": "hi"}, STAFF, MissingAccessError),
        ({"as": "1003", "content": "hi"}, WELCOME, MissingPermissionsError),
    ],
)
async def test_a_message_that_cannot_be_is_refused(
    handlers: Handlers, make_request: "RequestMaker", body: dict[str, Any], channel: str, failure: type
) -> None:
    with pytest.raises(failure):
        await handlers.post_message(make_request("/chat", body, channel=channel))


async def test_a_message_from_a_foreign_page_is_refused(
    handlers: Handlers, make_request: "RequestMaker", world: "World"
) -> None:
    body, foreign = {"as": "1001", "content": "hi"}, {"Origin": "http://evil.example"}
    with pytest.raises(ForeignPageError):
        await handlers.post_message(make_request("/chat", body, headers=foreign, channel=GENERAL))
    assert world.messages.list_in(int(GENERAL)) == []


async def test_messages_come_a_page_at_a_time(
    handlers: Handlers, make_request: "RequestMaker", world: "World"
) -> None:
    for number in range(PAGE + 3):
        world.messages.post(MARA, int(GENERAL), Draft(str(number)))
    newest = answer_of(await handlers.messages(make_request("/m?as=1001", channel=GENERAL)))
    assert [message["content"] for message in newest["messages"]] == [str(n) for n in range(3, PAGE + 3)]
    assert newest["has_earlier"] is True
    before = newest["messages"][0]["id"]
    older = answer_of(await handlers.messages(make_request(f"/m?as=1001&before={before}", channel=GENERAL)))
    assert ([each["content"] for each in older["messages"]], older["has_earlier"]) == (["0", "1", "2"], False)


async def test_messages_leave_out_what_others_alone_may_see(
    handlers: Handlers, make_request: "RequestMaker", world: "World"
) -> None:
    draft = Draft("psst", flags=EPHEMERAL)
    world.messages.answer(GREENHOUSE, int(GENERAL), draft, Origin(1, 2, "hello", MARA))
    counts = []
    for person in ("1001", "1002"):
        answer = await handlers.messages(make_request(f"/m?as={person}", channel=GENERAL))
        counts.append(len(answer_of(answer)["messages"]))
    assert counts == [1, 0]


async def test_messages_of_a_hidden_channel_are_refused(
    handlers: Handlers, make_request: "RequestMaker"
) -> None:
    with pytest.raises(MissingAccessError):
        await handlers.messages(make_request("/m?as=1003", channel=STAFF))


async def test_a_command_reaches_the_bot_with_its_options(
    handlers: Handlers, make_request: "RequestMaker", world: "World"
) -> None:
    sides = {"type": 4, "name": "sides", "description": "d", "required": True, "min_value": 2}
    command, _ = world.commands.upsert(GREENHOUSE, None, slash("roll", sides))
    started: list[Change] = []
    world.feed.subscribe(started.append)
    body = {"as": "1001", "command_id": str(command.id), "options": [{"name": "sides", "value": 6}]}
    response = await handlers.use_command(make_request("/chat", body, channel=GENERAL))
    (change,) = started
    assert isinstance(change, InteractionStarted)
    assert answer_of(response) == {"id": str(change.interaction.id)}
    assert change.interaction.data["options"] == [{"name": "sides", "type": 4, "value": 6}]


@pytest.mark.parametrize(
    ("change", "failure"),
    [
        ({"command_id": "1"}, UnknownCommandError),
        ({"command_id": 1}, BadFieldError),
        ({"options": "all"}, BadFieldError),
        ({"options": [{"name": "sides", "value": 1}]}, InvalidOptionError),
        ({"options": [{"name": "sides", "value": "6"}]}, InvalidOptionError),
        ({"options": []}, InvalidOptionError),
        ({"options": [{"value": 1}]}, InvalidOptionError),
    ],
)
async def test_a_command_against_its_rules_is_refused(
    handlers: Handlers,
    make_request: "RequestMaker",
    world: "World",
    change: dict[str, Any],
    failure: type,
) -> None:
    sides = {"type": 4, "name": "sides", "description": "d", "required": True, "min_value": 2}
    command, _ = world.commands.upsert(GREENHOUSE, None, slash("roll", sides))
    good = {"as": "1001", "command_id": str(command.id), "options": [{"name": "sides", "value": 6}]}
    with pytest.raises(failure):
        await handlers.use_command(make_request("/chat", good | change, channel=GENERAL))


async def test_a_pressed_button_starts_an_interaction(
    handlers: Handlers, make_request: "RequestMaker", world: "World"
) -> None:
    message = world.messages.post(GREENHOUSE, int(GENERAL), Draft("press", components=BUTTON))
    request = make_request(
        "/chat", {"as": "1003", "custom_id": "go"}, channel=GENERAL, message=str(message.id)
    )
    started: list[Change] = []
    world.feed.subscribe(started.append)
    interaction_id = answer_of(await handlers.click(request))["id"]
    (change,) = started
    assert isinstance(change, InteractionStarted)
    assert (change.interaction.name, str(change.interaction.id)) == ("go", interaction_id)


async def test_a_button_that_is_not_there_is_refused(
    handlers: Handlers, make_request: "RequestMaker", world: "World"
) -> None:
    message = world.messages.post(GREENHOUSE, int(GENERAL), Draft("press", components=BUTTON))
    for body, number in (
        ({"as": "1003", "custom_id": "no"}, message.id),
        ({"as": "1003", "custom_id": "go"}, 1),
    ):
        with pytest.raises(UnknownMessageError):
            await handlers.click(make_request("/chat", body, channel=GENERAL, message=str(number)))


async def test_a_button_in_a_hidden_channel_is_refused(
    handlers: Handlers, make_request: "RequestMaker", world: "World"
) -> None:
    message = world.messages.post(MARA, int(STAFF), Draft("press", components=BUTTON))
    body = {"as": "1003", "custom_id": "go"}
    with pytest.raises(MissingAccessError):
        await handlers.click(make_request("/chat", body, channel=STAFF, message=str(message.id)))


def test_discords_short_words_become_sentences() -> None:
    assert plain_sentence(UnknownChannelError()) == "This channel is gone. Choose another one."
    assert plain_sentence(TooLongError(limit=2000, length=2001)).startswith("A message has at most 2000")
    assert "sides" in plain_sentence(InvalidOptionError(option="sides", reason="is required"))


async def test_those_who_manage_a_server_get_the_webhook_of_a_channel_and_always_the_same(
    handlers: Handlers, make_request: "RequestMaker", world: "World"
) -> None:
    answers = [
        answer_of(await handlers.webhook(make_request("/chat", {"as": "1001"}, channel=GENERAL)))
        for _ in range(2)
    ]
    [webhook] = world.webhooks.list_in(int(GENERAL))
    assert answers[0] == answers[1]
    assert answers[0]["url"].endswith(f"/api/webhooks/{webhook.id}/{webhook.token}")


async def test_others_get_no_webhook(
    handlers: Handlers, make_request: "RequestMaker", world: "World"
) -> None:
    with pytest.raises(MissingPermissionsError):
        await handlers.webhook(make_request("/chat", {"as": "1003"}, channel=GENERAL))
    assert world.webhooks.list_in() == []
