import asyncio
import json
from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import pytest

from socialcube.sandbox.control.client import Bot, ControlClient, ControlRefusedError
from socialcube.sandbox.limits import Limits
from socialcube.sandbox.running import RunningSandbox
from tests.integration.sandbox.clients import Api, Gateway, answer_next, command, gateway_url
from tests.integration.sandbox.test_rest_commands import EVERY_OPTION, GLOBAL

CHANNEL = 3002
MESSAGE = {"type": 4, "data": {"content": "hi"}}


@pytest.fixture
async def gateway(
    sandbox: RunningSandbox, session: aiohttp.ClientSession, bot: Bot
) -> AsyncIterator[Gateway]:
    async with Gateway(session, gateway_url(sandbox)) as connected:
        await connected.identify(bot.token)
        yield connected


@pytest.fixture
def invoke(control: ControlClient, api: Api) -> Any:
    """Register /hello and use it as Mara; gives the task of the person's waiting."""

    async def use(wait: float = 5.0, user_id: int = 1001) -> asyncio.Task[dict[str, Any]]:
        await api("POST", GLOBAL, command())
        return asyncio.create_task(
            asyncio.to_thread(control.invoke, "hello", user_id=user_id, channel_id=CHANNEL, wait=wait)
        )

    return use


def callback(interaction: dict[str, Any]) -> str:
    return f"/interactions/{interaction['id']}/{interaction['token']}/callback"


def webhook(interaction: dict[str, Any]) -> str:
    return f"/webhooks/{interaction['application_id']}/{interaction['token']}"


async def test_commands_that_are_sent_elsewhere_are_not_told_at_the_gateway(
    api: Api, gateway: Gateway, control: ControlClient, bot: Bot
) -> None:
    await api("POST", GLOBAL, command())
    control.set_interactions_url(bot.id, "https://elsewhere.example/")
    control.invoke("hello", user_id=1001, channel_id=CHANNEL, wait=0)
    control.set_interactions_url(bot.id, "")
    control.invoke("hello", user_id=1002, channel_id=CHANNEL, wait=0)

    first = await gateway.event("INTERACTION_CREATE")
    assert first["member"]["user"]["id"] == "1002"


async def test_every_kind_of_option_arrives_resolved(
    api: Api, gateway: Gateway, control: ControlClient
) -> None:
    await api("POST", GLOBAL, command(options=EVERY_OPTION))
    options = {"text": "abc", "pick": "a", "count": 3, "flag": True, "who": "1002", "where": "3003"}
    more = {"role": "4002", "any": "1003", "number": 1.25}

    control.invoke("hello", user_id=1001, channel_id=CHANNEL, options=options | more, wait=0)
    interaction = await gateway.event("INTERACTION_CREATE")

    given = {item["name"]: (item["type"], item["value"]) for item in interaction["data"]["options"]}
    assert given["text"] == (3, "abc")
    assert given["number"] == (10, 1.25)
    resolved = interaction["data"]["resolved"]
    assert (resolved["users"]["1002"]["username"], resolved["roles"]["4002"]["name"]) == ("jonas", "Gardener")
    assert (resolved["channels"]["3003"]["name"], set(resolved["members"])) == ("plants", {"1002", "1003"})
    assert interaction["member"]["user"]["id"] == "1001"
    assert interaction["channel"]["id"] == str(CHANNEL)


async def test_answer_with_response_gives_interaction_and_message(
    nobody: Api, gateway: Gateway, invoke: Any
) -> None:
    waiting = await invoke()
    interaction, answer = await answer_next(nobody, gateway, MESSAGE)
    outcome = await waiting
    posted = await gateway.event("MESSAGE_CREATE")

    assert answer.status == 200
    assert answer.value["interaction"]["id"] == interaction["id"]
    assert answer.value["resource"]["message"]["content"] == "hi"
    assert (outcome["outcome"], outcome["message"]["content"]) == ("answered", "hi")
    assert outcome["response_seconds"] < 1
    assert posted["interaction_metadata"]["id"] == interaction["id"]


async def test_answer_without_response_is_204(nobody: Api, gateway: Gateway, invoke: Any) -> None:
    waiting = await invoke()
    interaction = await gateway.event("INTERACTION_CREATE")
    answer = await nobody("POST", callback(interaction), MESSAGE)

    assert answer.status == 204
    assert (await waiting)["outcome"] == "answered"


async def test_form_encoded_payload_is_read_as_pycord_sends_it(
    nobody: Api, gateway: Gateway, invoke: Any
) -> None:
    waiting = await invoke()
    interaction = await gateway.event("INTERACTION_CREATE")
    answer = await nobody("POST", callback(interaction), data={"payload_json": json.dumps(MESSAGE)})

    assert answer.status == 204
    assert (await waiting)["message"]["content"] == "hi"


async def test_private_answer_is_seen_by_its_person_only(
    nobody: Api, gateway: Gateway, invoke: Any, control: ControlClient
) -> None:
    waiting = await invoke()
    await answer_next(nobody, gateway, {"type": 4, "data": {"content": "psst", "flags": 64}})
    message = (await waiting)["message"]
    frames = await gateway.quiet()

    assert message["flags"] == 64
    assert [item["content"] for item in control.messages(CHANNEL, viewer_id=1001)] == ["psst"]
    assert control.messages(CHANNEL, viewer_id=1002) == []
    assert [frame["t"] for frame in frames] == []


async def test_second_answer_is_already_acknowledged(nobody: Api, gateway: Gateway, invoke: Any) -> None:
    await invoke()
    interaction, _ = await answer_next(nobody, gateway, MESSAGE)
    again = await nobody("POST", callback(interaction), MESSAGE)

    assert (again.status, again.number) == (400, 40060)


async def test_promised_answer_is_kept_by_edit_then_follow_up(
    nobody: Api, gateway: Gateway, invoke: Any, control: ControlClient
) -> None:
    waiting = await invoke(wait=0.5)
    interaction, promised = await answer_next(nobody, gateway, {"type": 5, "data": {"flags": 64}})
    meanwhile = await waiting
    original = f"{webhook(interaction)}/messages/@original"
    edited = await nobody("PATCH", original, {"content": "done"})
    more = await nobody("POST", webhook(interaction), {"content": "more"})
    read = await nobody("GET", original)
    outcome = control.interaction(interaction["id"])

    assert promised.value["interaction"]["response_message_loading"] is True
    assert promised.value["interaction"]["response_message_ephemeral"] is True
    assert meanwhile["outcome"] == "loading"
    assert (edited.value["content"], edited.value["flags"]) == ("done", 64)
    assert more.value["content"] == "more"
    assert read.value["content"] == "done"
    assert outcome["outcome"] == "answered"
    assert [item["content"] for item in outcome["followups"]] == ["more"]


async def test_first_follow_up_after_a_promise_becomes_the_answer(
    nobody: Api, gateway: Gateway, invoke: Any, control: ControlClient
) -> None:
    await invoke(wait=0)
    interaction, _ = await answer_next(nobody, gateway, {"type": 5, "data": {"flags": 64}})
    posted = await nobody("POST", f"{webhook(interaction)}?wait=1", {"content": "done", "flags": 0})

    outcome = control.interaction(interaction["id"])
    assert outcome["message"]["id"] == posted.value["id"]
    assert outcome["message"]["flags"] == 64
    assert outcome["followups"] == []


async def test_follow_up_can_be_changed_and_removed(nobody: Api, gateway: Gateway, invoke: Any) -> None:
    await invoke()
    interaction, _ = await answer_next(nobody, gateway, MESSAGE)
    posted = await nobody("POST", webhook(interaction), {"content": "more"})
    one = f"{webhook(interaction)}/messages/{posted.value['id']}"
    edited = await nobody("PATCH", one, {"embeds": [{"title": "T"}]})
    deleted = await nobody("DELETE", one)
    gone = await nobody("GET", one)
    foreign = await nobody("GET", f"{webhook(interaction)}/messages/1")

    assert edited.value["embeds"][0]["title"] == "T"
    assert deleted.status == 204
    assert (gone.number, foreign.number) == (10008, 10008)


async def test_follow_up_before_the_first_answer_is_an_unknown_webhook(
    nobody: Api, gateway: Gateway, invoke: Any
) -> None:
    await invoke()
    interaction = await gateway.event("INTERACTION_CREATE")
    answer = await nobody("POST", webhook(interaction), {"content": "early"})

    assert (answer.status, answer.number) == (404, 10015)


async def test_wrong_tokens_are_told_apart(nobody: Api, gateway: Gateway, invoke: Any) -> None:
    await invoke()
    interaction = await gateway.event("INTERACTION_CREATE")
    wrong = await nobody("POST", f"/interactions/{interaction['id']}/wrong/callback", MESSAGE)
    unknown = await nobody("POST", f"/interactions/1/{interaction['token']}/callback", MESSAGE)
    follow_up = await nobody("POST", "/webhooks/5001/wrong", {"content": "x"})
    other = await nobody("POST", f"/webhooks/5002/{interaction['token']}", {"content": "x"})

    assert (wrong.status, wrong.number, unknown.number) == (404, 10062, 10062)
    assert (follow_up.status, follow_up.number, other.number) == (401, 50027, 50027)


async def test_answer_that_breaks_the_rules_can_be_mended(nobody: Api, gateway: Gateway, invoke: Any) -> None:
    await invoke()
    interaction, refused = await answer_next(nobody, gateway, {"type": 4, "data": {"content": "x" * 2001}})
    empty = await nobody("POST", callback(interaction), {"type": 4, "data": {}})
    unfit = await nobody("POST", callback(interaction), {"type": 8, "data": {"choices": []}})
    nothing = await nobody("POST", callback(interaction), {})
    strange = await nobody("POST", callback(interaction), {"type": 4, "data": []})
    mended = await nobody("POST", callback(interaction), MESSAGE)

    assert (refused.status, refused.number) == (400, 50035)
    assert (empty.number, unfit.number, nothing.number) == (50006, 50035, 50035)
    assert strange.status == 400
    assert mended.status == 204


async def test_modal_is_shown(nobody: Api, gateway: Gateway, invoke: Any) -> None:
    inputs = [{"type": 1, "components": [{"type": 4, "custom_id": "name", "style": 1, "label": "Name"}]}]
    waiting = await invoke()
    body = {"type": 9, "data": {"custom_id": "form", "title": "Form", "components": inputs}}
    _, answer = await answer_next(nobody, gateway, body)
    outcome = await waiting

    assert answer.status == 200
    assert (outcome["response"], outcome["modal"]["title"]) == (9, "Form")


async def test_button_can_be_pressed_and_changes_its_message(
    nobody: Api, gateway: Gateway, invoke: Any, control: ControlClient
) -> None:
    row = {"type": 1, "components": [{"type": 2, "style": 1, "label": "Go", "custom_id": "go"}]}
    waiting = await invoke()
    await answer_next(nobody, gateway, {"type": 4, "data": {"content": "press", "components": [row]}})
    message = (await waiting)["message"]

    pressed = asyncio.create_task(asyncio.to_thread(control.click, message, "go", user_id=1002))
    interaction, answer = await answer_next(nobody, gateway, {"type": 7, "data": {"content": "pressed"}})
    outcome = await pressed

    assert interaction["data"] == {"custom_id": "go", "component_type": 2}
    assert interaction["message"]["id"] == message["id"]
    assert answer.value["resource"]["message"]["content"] == "pressed"
    assert outcome["message"]["content"] == "pressed"


async def test_button_may_promise_a_change_and_follow_up(
    nobody: Api, gateway: Gateway, invoke: Any, control: ControlClient
) -> None:
    row = {"type": 1, "components": [{"type": 2, "style": 1, "label": "Go", "custom_id": "go"}]}
    waiting = await invoke()
    await answer_next(nobody, gateway, {"type": 4, "data": {"content": "press", "components": [row]}})
    pressed = asyncio.create_task(
        asyncio.to_thread(control.click, (await waiting)["message"], "go", user_id=1001)
    )
    interaction, _ = await answer_next(nobody, gateway, {"type": 6})
    edited = await nobody("PATCH", f"{webhook(interaction)}/messages/@original", {"content": "later"})

    assert (await pressed)["outcome"] == "answered"
    assert edited.value["content"] == "later"


async def test_unanswered_command_fails_after_the_window(gateway: Gateway, invoke: Any) -> None:
    waiting = await invoke()
    interaction = await gateway.event("INTERACTION_CREATE")

    assert (await waiting)["outcome"] == "failed"
    assert interaction["type"] == 2


@pytest.fixture
def limits(request: pytest.FixtureRequest) -> Limits:
    short = request.node.name == "test_unanswered_command_fails_after_the_window"
    return Limits(identify_seconds=0.0, callback_seconds=0.3 if short else 3.0)


@pytest.mark.parametrize(
    ("change", "number"),
    [
        ({"command": "nothing"}, 10063),
        ({"user_id": 1001, "channel_id": 3012}, 10063),
        ({"user_id": 999}, 10007),
        ({"user_id": 1002, "channel_id": 999}, 10003),
        ({"options": {"nope": 1}}, 0),
        ({"user_id": 1004, "channel_id": 3005}, 50001),
    ],
)
async def test_command_that_cannot_be_used_says_why(
    api: Api, control: ControlClient, change: dict[str, Any], number: int
) -> None:
    await api("POST", GLOBAL, command())
    given = {"user_id": 1001, "channel_id": CHANNEL, "command": "hello"} | change

    with pytest.raises(ControlRefusedError) as refused:
        control.ask("POST", "/invocations", given)

    assert json.loads(str(refused.value.details["body"]))["code"] == number


async def test_command_for_those_who_manage_is_closed_to_others(api: Api, control: ControlClient) -> None:
    await api("POST", GLOBAL, command(default_member_permissions=str(1 << 5)))

    with pytest.raises(ControlRefusedError, match="50013"):
        control.invoke("hello", user_id=1003, channel_id=CHANNEL)
    assert control.invoke("hello", user_id=1002, channel_id=CHANNEL, wait=0)["outcome"] == "pending"
