"""Answers of the REST API that go wrong in each way that a client has met."""

import asyncio
import errno
import json

import aiohttp
import pytest

from socialcube.sandbox.control.client import Bot, ControlClient
from socialcube.sandbox.running import RunningSandbox
from tests.integration.sandbox.clients import Api

POST = "/channels/3002/messages"


@pytest.mark.parametrize(("scope", "everywhere"), [("user", False), ("global", True), ("shared", False)])
async def test_429_tells_its_scope(api: Api, control: ControlClient, scope: str, everywhere: bool) -> None:
    control.limit("/users/@me$", 0.375, scope=scope)

    answer = await api("GET", "/users/@me")

    assert (answer.status, answer.value["retry_after"], answer.value["global"]) == (429, 0.375, everywhere)
    assert (answer.headers["X-RateLimit-Scope"], "Via" in answer.headers) == (scope, True)
    assert answer.headers.get("X-RateLimit-Global") == ("true" if everywhere else None)


async def test_429_may_come_without_via(api: Api, control: ControlClient) -> None:
    control.limit("/users/@me$", 0.5, via=False)

    assert "Via" not in (await api("GET", "/users/@me")).headers


async def test_blocked_address_gets_a_page(
    sandbox: RunningSandbox, session: aiohttp.ClientSession, control: ControlClient
) -> None:
    control.block_address(retry_after=7)
    async with session.get(f"{sandbox.api_base_url}/gateway") as answer:
        assert (answer.status, answer.content_type) == (429, "text/html")
        assert (answer.headers["Retry-After"], "Via" in answer.headers) == ("7", False)
        assert "1015" in await answer.text()


async def test_reset_is_a_reset_and_no_end(sandbox: RunningSandbox, control: ControlClient, bot: Bot) -> None:
    control.reset_calls("/users/@me$", bot_id=bot.id)
    host, _, port = sandbox.origin.removeprefix("http://").partition(":")
    reader, writer = await asyncio.open_connection(host, int(port))
    request = (
        f"GET /api/v10/users/@me HTTP/1.1\r\nHost: {host}:{port}\r\nAuthorization: Bot {bot.token}\r\n\r\n"
    )
    writer.write(request.encode())

    with pytest.raises(ConnectionResetError) as caught:
        await asyncio.wait_for(reader.read(), 30)
    writer.close()
    assert caught.value.errno == errno.ECONNRESET


async def test_reset_after_the_effect_loses_only_the_answer(api: Api, control: ControlClient) -> None:
    control.reset_calls("/messages$", moment="after")

    with pytest.raises(aiohttp.ClientError):
        await api("POST", POST, {"content": "kept"})
    assert [item["content"] for item in control.messages(3002)] == ["kept"]


async def test_truncated_answer_is_half_of_the_json(
    sandbox: RunningSandbox, session: aiohttp.ClientSession, control: ControlClient, bot: Bot
) -> None:
    control.truncate("/messages$")
    headers = {"Authorization": f"Bot {bot.token}"}
    async with session.post(sandbox.api_base_url + POST, json={"content": "x"}, headers=headers) as answer:
        text = await answer.text()

    assert (answer.status, answer.content_type) == (200, "application/json")
    assert "X-RateLimit-Remaining" in answer.headers
    with pytest.raises(ValueError, match=r".+"):
        json.loads(text)
    assert len(control.messages(3002)) == 1


async def test_stalled_call_has_its_effect_at_once(api: Api, control: ControlClient) -> None:
    control.stall("/messages$", 30)

    with pytest.raises(TimeoutError):
        await asyncio.wait_for(api("POST", POST, {"content": "x"}), 0.5)
    assert len(control.messages(3002)) == 1


async def test_fault_of_one_bot_leaves_the_others_alone(api: Api, control: ControlClient) -> None:
    control.limit("/users/@me$", 5, bot_id=control.bots()["Tavern"].id)

    assert (await api("GET", "/users/@me")).status == 200
