import time
from typing import Any

import aiohttp
import pytest

from socialcube.sandbox.control.client import Bot, ControlClient, ControlRefusedError
from socialcube.sandbox.control.routes import HANDLERS
from socialcube.sandbox.running import RunningSandbox
from tests.integration.sandbox.clients import Api


@pytest.mark.parametrize(("method", "path"), [(method, path) for method, path, _ in HANDLERS])
@pytest.mark.parametrize("key", [None, "", "wrong", "é"])
async def test_every_door_needs_the_key(
    sandbox: RunningSandbox, session: aiohttp.ClientSession, method: str, path: str, key: str | None
) -> None:
    address = sandbox.origin + "/control" + path.replace("{", "").replace("}", "")
    headers = {} if key is None else {"X-Sandbox-Key": key}

    async with session.request(method, address, headers=headers) as response:
        assert response.status == 403
        assert "X-Sandbox-Key" in (await response.json())["message"]


async def test_bots_are_listed_with_their_tokens(control: ControlClient) -> None:
    bots = control.bots()

    assert sorted(bots) == ["Greenhouse", "Rollcall", "Tavern"]
    assert bots["Rollcall"].guild_ids == ["2001", "2002"]
    assert len({bot.token for bot in bots.values()}) == 3


async def test_made_bot_can_call_at_once(control: ControlClient, nobody: Api) -> None:
    made = control.create_bot("Beacon", guild_ids=[2001], intents=1 << 15)

    answer = await nobody("GET", "/applications/@me", headers={"Authorization": f"Bot {made.token}"})

    assert (answer.value["name"], answer.value["flags"], made.guild_ids) == ("Beacon", 1 << 19, ["2001"])
    assert int(made.id) < 1 << 22


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("POST", "/applications", {}),
        ("POST", "/applications", {"name": ""}),
        ("POST", "/applications", {"name": "x", "guild_ids": ["999"]}),
        ("POST", "/applications", []),
        ("PATCH", "/applications/999", {}),
        ("POST", "/applications/abc/token", {}),
        ("POST", "/applications/5001/gateway", {"action": "explode"}),
        ("POST", "/applications/5001/gateway", {}),
        ("POST", "/applications/5001/events", {}),
        ("POST", "/invocations", {}),
        ("POST", "/invocations", {"user_id": "1", "channel_id": "2", "command": "x"}),
        ("POST", "/invocations", {"options": []}),
        ("POST", "/messages", {"user_id": "1001", "channel_id": "3002"}),
        ("POST", "/messages", {"user_id": "9", "channel_id": "3002", "content": "x"}),
        ("GET", "/messages", None),
        ("GET", "/interactions/1", None),
        ("GET", "/calls?path=(", None),
        ("POST", "/faults", {"path": "["}),
        ("POST", "/faults", {"path": "x", "status": 200}),
        ("POST", "/faults", {"path": "x", "moment": "never"}),
        ("PUT", "/guilds/2001/members/9", {}),
        ("DELETE", "/guilds/2001/members/9", None),
        ("PUT", "/guilds/2001/members/9/roles/4001", None),
        ("PUT", "/guilds/2001/members/1004/roles/9", None),
        ("PUT", "/guilds/2001/members/1004/roles/2001", None),
        ("DELETE", "/guilds/2001/members/1004/roles/9", None),
        ("PATCH", "/guilds/2001", {}),
        ("PATCH", "/guilds/2001", {"owner_id": "9"}),
        ("POST", "/guilds/2001/channels", {}),
        ("DELETE", "/channels/9", None),
        ("POST", "/guilds/2001/roles", {"name": ""}),
        ("DELETE", "/guilds/2001/roles/2001", None),
    ],
)
async def test_wrong_order_is_refused_with_a_reason(
    control: ControlClient, method: str, path: str, body: Any
) -> None:
    with pytest.raises(ControlRefusedError) as refused:
        control.ask(method, path, body)

    assert refused.value.details["status"] in {400, 403, 404}


async def test_calls_are_seen_with_owner_and_without_secrets(
    api: Api, nobody: Api, control: ControlClient, bot: Bot
) -> None:
    await api("POST", "/channels/3002/messages", {"content": f"my token is {bot.token}"})
    await nobody("GET", "/users/@me", headers={"Authorization": "Bot not-a-token"})

    mine, stray = control.calls(kind="rest")

    assert (mine["application_id"], mine["method"], mine["status"]) == (bot.id, "POST", 200)
    assert (mine["path"], mine["route"]) == (
        "/api/v10/channels/3002/messages",
        "/channels/{channel_id}/messages",
    )
    assert mine["token"].startswith(f"…{bot.token[-4:]} ")
    assert mine["size"] > 0
    assert bot.token not in str(mine)
    assert (stray["application_id"], stray["status"]) == (None, 401)


async def test_calls_are_filtered_paged_and_forgotten(api: Api, control: ControlClient) -> None:
    for path in ("/users/@me", "/guilds/2001", "/channels/3002"):
        await api("GET", path)

    first = control.calls(limit=1)
    later = control.calls(after=first[0]["id"])
    by_path = control.calls(path="/guilds/")
    by_method = control.calls(method="POST")
    control.clear_calls()

    assert [item["route"] for item in later] == ["/guilds/{guild_id}", "/channels/{channel_id}"]
    assert len(by_path) == 1
    assert (by_method, control.calls()) == ([], [])


async def test_unknown_route_is_seen_too(api: Api, control: ControlClient, bot: Bot) -> None:
    await api("GET", "/nothing")

    (seen,) = control.calls()

    assert (seen["status"], seen["application_id"]) == (404, bot.id)


async def test_fault_hits_the_next_calls_only(api: Api, control: ControlClient) -> None:
    control.fail("/users/@me$", status=503, times=2)

    paths = ("/guilds/2001", *["/users/@me"] * 3)
    statuses = [(await api("GET", path, checked=False)).status for path in paths]

    assert statuses == [200, 503, 503, 200]


async def test_fault_429_may_come_without_via_and_as_text(
    sandbox: RunningSandbox, session: aiohttp.ClientSession, api: Api, control: ControlClient
) -> None:
    control.fail("/users/@me", status=429, retry_after=0.25)
    control.fail("/users/@me", status=429, headers={"Via": ""})
    control.fail("/users/@me", status=429, text="<h1>blocked</h1>")

    plain, without_via = await api("GET", "/users/@me"), await api("GET", "/users/@me")
    async with session.get(f"{sandbox.api_base_url}/users/@me") as blocked:
        text = await blocked.text()

    assert (plain.value["retry_after"], "Via" in plain.headers) == (0.25, True)
    assert "Via" not in without_via.headers
    assert (text, blocked.content_type) == ("<h1>blocked</h1>", "text/html")


async def test_fault_after_the_effect_loses_only_the_answer(api: Api, control: ControlClient) -> None:
    control.fail("/messages$", status=500, moment="after")

    answer = await api("POST", "/channels/3002/messages", {"content": "kept"}, checked=False)

    assert answer.status == 500
    assert [item["content"] for item in control.messages(3002)] == ["kept"]


async def test_fault_may_reset_the_connection(api: Api, control: ControlClient) -> None:
    control.fail("/channels/3003", reset=True)

    with pytest.raises(aiohttp.ClientConnectionError):
        await api("POST", "/channels/3003/messages", {"content": "x"})
    assert control.messages(3003) == []


async def test_fault_may_hit_the_gateways_handshake(
    sandbox: RunningSandbox, session: aiohttp.ClientSession, control: ControlClient
) -> None:
    control.fail("^/gateway$", status=502)

    with pytest.raises(aiohttp.WSServerHandshakeError, match="502"):
        await session.ws_connect(f"{sandbox.origin}/gateway?v=10&encoding=json")


async def test_fault_may_delay_one_bots_calls(api: Api, control: ControlClient, bot: Bot) -> None:
    control.fail("/users/@me", delay=0.3, application_id=bot.id)
    began = time.monotonic()

    answer = await api("GET", "/users/@me")

    assert answer.status == 200
    assert time.monotonic() - began >= 0.3


async def test_faults_can_be_taken_back(api: Api, control: ControlClient) -> None:
    control.fail("/users/@me", status=500)
    control.clear_faults()

    assert control.ask("GET", "/faults") == []
    assert (await api("GET", "/users/@me")).status == 200


async def test_reset_brings_the_first_day_and_new_tokens(api: Api, control: ControlClient, bot: Bot) -> None:
    control.create_bot("Beacon")
    control.say("hello", user_id=1001, channel_id=3002)
    control.reset()

    assert sorted(control.bots()) == ["Greenhouse", "Rollcall", "Tavern"]
    assert control.messages(3002) == []
    assert control.bots()["Greenhouse"].token != bot.token
    assert (await api("GET", "/users/@me")).status == 401


async def test_world_is_described(control: ControlClient) -> None:
    world = control.world()

    assert [(person["username"], person["part"]) for person in world["people"]] == [
        ("mara", "admin"),
        ("jonas", "editor"),
        ("priya", "viewer"),
        ("theo", "stranger"),
    ]
    assert [guild["name"] for guild in world["guilds"]] == ["Fern Street", "Harbor Club"]
