"""What a bot changes about its own account."""

import base64
from typing import Any

import aiohttp
import pytest

from socialcube.sandbox.control.client import Bot, ControlClient
from socialcube.sandbox.running import RunningSandbox
from tests.integration.sandbox.clients import Api, Gateway, gateway_url

PNG = b"\x89PNG\r\n\x1a\n" + b"pixels"


def uri(content: bytes) -> str:
    return "data:image/png;base64," + base64.b64encode(content).decode()


async def test_name_picture_and_banner_are_changed_and_served(
    api: Api, session: aiohttp.ClientSession, sandbox: RunningSandbox, bot: Bot
) -> None:
    changed = await api(
        "PATCH", "/users/@me", {"username": "Fern", "avatar": uri(PNG), "banner": uri(PNG + b"!")}
    )

    assert changed.value["username"] == (await api("GET", "/users/@me")).value["username"] == "Fern"
    for place, name, content in (("avatars", "avatar", PNG), ("banners", "banner", PNG + b"!")):
        address = f"{sandbox.origin}/{place}/{bot.id}/{changed.value[name]}.png"
        async with session.get(address) as response:
            assert (response.status, response.content_type) == (200, "image/png")
            assert await response.read() == content


async def test_null_takes_a_picture_away_and_absence_leaves_it(api: Api) -> None:
    await api("PATCH", "/users/@me", {"avatar": uri(PNG), "banner": uri(PNG)})
    kept = await api("PATCH", "/users/@me", {"avatar": None})

    assert kept.value["avatar"] is None
    assert kept.value["banner"] is not None


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"username": "x"}, "BASE_TYPE_BAD_LENGTH"),
        ({"avatar": "data:image/png;base64,AAAA"}, "IMAGE_INVALID"),
        ({"banner": "https://example.org/x.png"}, "IMAGE_INVALID"),
    ],
)
async def test_what_breaks_the_rules_changes_nothing(api: Api, body: dict[str, Any], code: str) -> None:
    before = await api("GET", "/users/@me")
    refused = await api("PATCH", "/users/@me", {"username": "Fern"} | body)

    assert (refused.status, refused.value["errors"][next(iter(body))]["_errors"][0]["code"]) == (400, code)
    assert (await api("GET", "/users/@me")).value == before.value


async def test_third_name_within_an_hour_is_a_400(api: Api) -> None:
    answers = [await api("PATCH", "/users/@me", {"username": name}) for name in ("Fern", "Leaf", "Moss")]

    assert [answer.status for answer in answers] == [200, 200, 400]
    assert answers[2].value["errors"]["username"]["_errors"][0]["code"] == "USERNAME_RATE_LIMIT"


async def test_bot_hears_of_its_own_change(
    api: Api, sandbox: RunningSandbox, session: aiohttp.ClientSession, bot: Bot
) -> None:
    async with Gateway(session, gateway_url(sandbox)) as gateway:
        await gateway.identify(bot.token)
        await api("PATCH", "/users/@me", {"username": "Fern"})

        assert (await gateway.event("USER_UPDATE"))["username"] == "Fern"


async def test_presence_is_seen_from_outside(
    sandbox: RunningSandbox, session: aiohttp.ClientSession, bot: Bot, control: ControlClient
) -> None:
    watching = {
        "status": "idle",
        "activities": [{"name": "the harbor", "type": 3}],
        "afk": False,
        "since": None,
    }
    async with Gateway(session, gateway_url(sandbox)) as gateway:
        await gateway.identify(bot.token)
        await gateway.send(3, watching)
        await gateway.send(1, None)
        await gateway.quiet()
        async with session.get(f"{sandbox.origin}/chat/api/view?as=1001") as response:
            guild = (await response.json())["guilds"][0]
        seen = control.sessions(bot.id)[0]["presence"]

    shown = next(member for member in guild["members"] if member["id"] == bot.id)
    assert (shown["online"], shown["status"], shown["activity"]) == (True, "idle", "Watching the harbor")
    assert seen == {"status": "idle", "activities": [{"name": "the harbor", "type": 3}]}
