"""Webhooks of channels, as alerts use them."""

import aiohttp
import pytest

from socialcube.sandbox.control.client import ControlClient, Webhook
from tests.integration.sandbox.clients import Api

CHANNEL = 3002


@pytest.fixture
def webhook(control: ControlClient) -> Webhook:
    return control.create_webhook(CHANNEL)


@pytest.fixture
def path(webhook: Webhook) -> str:
    return webhook.url.partition("/api")[2]


async def test_message_is_posted_and_answered_with_when_asked(
    nobody: Api, control: ControlClient, path: str, webhook: Webhook
) -> None:
    silent = await nobody("POST", path, {"content": "down"})
    shown = await nobody(
        "POST", path + "?wait=true", {"username": "Fleet", "embeds": [{"title": "A bot stopped"}]}
    )

    assert (silent.status, shown.status) == (204, 200)
    assert (shown.value["webhook_id"], shown.value["author"]["username"]) == (webhook.id, "Fleet")
    posted = control.messages(CHANNEL)
    assert [item["author"]["username"] for item in posted] == ["Alerts", "Fleet"]
    assert posted[1]["embeds"][0]["title"] == "A bot stopped"


async def test_address_without_a_version_works(session: aiohttp.ClientSession, webhook: Webhook) -> None:
    async with session.post(webhook.url, json={"content": "down"}) as response:
        assert response.status == 204


async def test_deleted_webhook_answers_404(nobody: Api, control: ControlClient, path: str) -> None:
    assert (await nobody("GET", path)).value["channel_id"] == str(CHANNEL)
    control.delete_webhook(path.split("/")[2])

    answers = [
        await nobody(method, path, body) for method, body in (("POST", {"content": "x"}), ("GET", None))
    ]
    assert [(answer.status, answer.number) for answer in answers] == [(404, 10015)] * 2


async def test_webhook_can_delete_itself(nobody: Api, path: str) -> None:
    assert (await nobody("DELETE", path)).status == 204
    assert (await nobody("GET", path)).status == 404


async def test_wrong_token_is_refused(nobody: Api, path: str) -> None:
    answer = await nobody("POST", path[:-3] + "xxx", {"content": "x"})

    assert (answer.status, answer.number) == (401, 50027)


async def test_own_message_can_be_edited_and_another_cannot(
    nobody: Api, control: ControlClient, path: str
) -> None:
    mine = await nobody("POST", path + "?wait=1", {"content": "down"})
    other = control.say("hello", user_id=1001, channel_id=CHANNEL)

    edited = await nobody("PATCH", f"{path}/messages/{mine.value['id']}", {"content": "up again"})
    foreign = await nobody("PATCH", f"{path}/messages/{other['id']}", {"content": "x"})

    assert edited.value["content"] == "up again"
    assert (foreign.status, foreign.number) == (404, 10008)


@pytest.mark.parametrize("body", [{}, {"content": "x" * 2001}, {"content": "x", "username": ""}])
async def test_message_that_breaks_the_rules_is_refused(nobody: Api, path: str, body: object) -> None:
    assert (await nobody("POST", path, body)).status == 400


async def test_its_address_is_masked_for_the_witness(nobody: Api, control: ControlClient, path: str) -> None:
    await nobody("POST", path, {"content": "down"})

    (seen,) = control.calls()
    assert path.rpartition("/")[2] not in str(seen)
    assert seen["application_id"] is None
