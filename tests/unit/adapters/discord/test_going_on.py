"""A bot that goes on with the session of another process."""

import asyncio
from typing import Any

import pytest

from socialcube.adapters.errors import PlatformUnreachableError, TokenInvalidError
from socialcube.domain.placements.types import ResumableSession
from tests.fakes.discord_http import Answer, FakeGateway
from tests.fakes.discord_scene import GUILD, HELLO, RESUME_URL, Scene, make_event, make_ready
from tests.fakes.engine import settle

LEFT = ResumableSession("left", 41, "wss://resume.test", 5009)
INTERACTION = {
    "id": "9001",
    "application_id": "5009",
    "type": 2,
    "token": "secret-of-this-use",
    "guild_id": "2001",
    "channel_id": "3004",
    "member": {"user": {"id": "1001", "username": "mara"}},
    "data": {"id": "1", "name": "hello", "type": 1},
}


def scene_with(*gateways: FakeGateway | Exception, **options: Any) -> Scene:
    return Scene(*gateways, session=LEFT, guilds={2001: "Fern Street"}, **options)


def use(sequence: int) -> dict[str, Any]:
    return make_event("INTERACTION_CREATE", INTERACTION, sequence)


async def test_session_is_resumed_without_a_start() -> None:
    gateway = FakeGateway([HELLO, make_event("RESUMED", {}, 44)])
    scene = scene_with(gateway, starts=0)
    async with scene.running():
        await scene.until("resumed")
    assert scene.transport.opened == [RESUME_URL]
    assert gateway.sent == [{"op": 6, "d": {"token": "the-token", "session_id": "left", "seq": 41}}]
    assert scene.events.admitted == []
    assert scene.transport.fake.calls == []


async def test_what_only_ready_tells_is_known_already() -> None:
    scene = scene_with(FakeGateway([HELLO, make_event("RESUMED", {}, 42)]))
    async with scene.running():
        await scene.until("resumed")
    assert scene.adapter._client.application == 5009
    assert scene.adapter.list_guild_ids() == {2001}
    assert scene.adapter.guild_count == 1
    assert scene.adapter.describe_guild(2001) is None


async def test_missed_command_is_run_and_knows_its_server() -> None:
    scene = scene_with(FakeGateway([HELLO, use(42), make_event("RESUMED", {}, 43)]))
    async with scene.running():
        await scene.until("resumed")
    [(invocation, _)] = scene.events.invocations
    assert (invocation.command_name, invocation.guild_name) == ("hello", "Fern Street")


async def test_servers_that_come_and_go_are_followed_without_a_cache() -> None:
    joined = GUILD | {"id": "2002", "name": "Harbor"}
    frames = [
        make_event("RESUMED", {}, 42),
        make_event("GUILD_CREATE", joined, 43),
        make_event("GUILD_UPDATE", {"id": "2001", "name": "Fern Lane"}, 44),
        make_event("CHANNEL_CREATE", {"id": "3009", "guild_id": "2001", "type": 0, "name": "new"}, 45),
        make_event("GUILD_DELETE", {"id": "2002"}, 46),
    ]
    scene = scene_with(FakeGateway([HELLO, *frames]))
    async with scene.running():
        await scene.until("guild_left")
    assert scene.events.of("guild_changed") == [2002, 2001, 2001]
    assert scene.adapter.list_guild_ids() == {2001}
    assert scene.events.of("event_skipped") == []


async def test_refused_session_leads_to_one_start() -> None:
    refusing = FakeGateway([HELLO, {"op": 9, "d": False}])
    scene = scene_with(refusing, FakeGateway([HELLO, make_ready()]))
    async with scene.running():
        await scene.until("connected")
        assert scene.adapter.session == ResumableSession("abc", 1, "wss://resume.test", 5009)
    assert refusing.closed_with == 1000
    assert len(scene.events.admitted) == 1


async def test_refused_session_stays_over_when_the_start_after_it_fails() -> None:
    scene = scene_with(
        FakeGateway([HELLO, make_event("GUILD_UPDATE", {"id": "2001"}, 42), {"op": 9, "d": False}]),
        FakeGateway([], 1006),
        FakeGateway([HELLO, make_ready()]),
    )
    async with scene.running():
        await scene.until("disconnected")
        assert scene.adapter.session is None
        await scene.until("connected")
    assert len(scene.events.admitted) == 2


async def test_session_whose_address_is_gone_is_resumed_at_the_general_one() -> None:
    away = PlatformUnreachableError(reason="nobody answers")
    last = FakeGateway([HELLO, make_event("RESUMED", {}, 42)])
    scene = scene_with(away, away, last)
    async with scene.running():
        await scene.until("resumed")
    assert scene.transport.opened[:2] == [RESUME_URL, RESUME_URL]
    assert scene.transport.opened[2].startswith("wss://gw.test/")
    assert last.sent[0]["op"] == 6
    assert scene.events.admitted == []


async def test_session_to_leave_is_up_to_the_last_event_that_was_handled() -> None:
    scene = Scene(FakeGateway([HELLO, make_ready(), make_event("GUILD_CREATE", GUILD, 2), use(3), use(4)]))
    gate = asyncio.Event()

    async def work() -> None:
        await gate.wait()

    scene.events.run = asyncio.create_task(work())
    async with scene.running():
        await scene.until("guild_changed")
        await settle()
        assert scene.adapter.session == ResumableSession("abc", 2, "wss://resume.test", 5001)
        gate.set()
        await settle()
        assert scene.adapter.session == ResumableSession("abc", 4, "wss://resume.test", 5001)


async def test_live_connection_resumes_after_what_was_received() -> None:
    second = FakeGateway([HELLO, make_event("RESUMED", {}, 4)])
    scene = Scene(FakeGateway([HELLO, make_ready(), use(3), {"op": 7}]), second)
    scene.events.run = asyncio.create_task(asyncio.sleep(3600))
    async with scene.running():
        await scene.until("resumed")
        assert scene.adapter.session is not None
        assert scene.adapter.session.sequence == 2
    assert second.sent[0]["d"]["seq"] == 3
    scene.events.run.cancel()


@pytest.mark.parametrize(("hand_over", "stays"), [(True, True), (False, False)])
async def test_session_is_left_only_by_a_hand_over(*, hand_over: bool, stays: bool) -> None:
    scene = Scene(FakeGateway([HELLO, make_ready()]))
    assert scene.adapter.session is None
    async with scene.running() as task:
        await scene.until("connected")
        await scene.adapter.stop(hand_over=hand_over)
        await asyncio.wait_for(task, 5)
    assert (scene.adapter.session is not None) is stays


@pytest.mark.parametrize("code", [4007, 4009])
async def test_session_that_discord_closed_for_good_is_left_to_nobody(code: int) -> None:
    scene = Scene(FakeGateway([HELLO, make_ready()], code), FakeGateway([HELLO]))
    async with scene.running():
        await scene.until("disconnected")
        assert scene.adapter.session is None


async def test_session_of_a_token_that_was_refused_is_left_to_nobody() -> None:
    scene = scene_with(FakeGateway([HELLO], 4004))
    with pytest.raises(TokenInvalidError):
        await scene.adapter.run()
    assert scene.adapter.session is None


MEMBER: dict[str, Any] = {
    "user": {"id": "5001", "username": "green", "discriminator": "0", "avatar": None},
    "roles": ["4001"],
    "joined_at": "2025-01-01T00:00:00+00:00",
    "deaf": False,
    "mute": False,
    "flags": 0,
}
STAFF: dict[str, Any] = GUILD["roles"][0] | {"id": "4001", "name": "Staff", "permissions": "32"}


def asking(*answers: Answer) -> Scene:
    """Make a bot that asks Discord for a server of which no event told."""
    scene = scene_with(starts=0)
    scene.transport.fake.script.extend(answers)
    return scene


async def test_server_looks_as_the_gateway_would_have_told_it() -> None:
    rest = {key: value for key, value in GUILD.items() if key not in {"channels", "members", "unavailable"}}
    guild = rest | {"roles": [GUILD["roles"][0], STAFF]}
    scene = asking(Answer(200, guild), Answer(200, GUILD["channels"]), Answer(200, MEMBER))
    seen = await scene.adapter.fetch_guild(2001)
    assert seen is not None
    assert (seen.name, seen.owner_external_id) == ("Fern Street", 1001)
    assert seen.permissions == 2048 | 32
    assert [channel.name for channel in seen.channels] == ["general"]
    assert {role.name for role in seen.roles} == {"@everyone", "Staff"}
    assert [call.url.rpartition("/v10")[2] for call in scene.transport.fake.calls] == [
        "/guilds/2001",
        "/guilds/2001/channels",
        "/guilds/2001/members/5001",
    ]
    assert scene.adapter.describe_guild(2001) is None, "the next look must not find an old picture"


@pytest.mark.parametrize("status", [403, 404])
async def test_server_that_the_bot_may_not_see_is_none(status: int) -> None:
    scene = asking(Answer(status, {"code": 50001, "message": "Missing Access"}))
    assert await scene.adapter.fetch_guild(2001) is None


async def test_picture_that_makes_no_sense_is_a_platform_out_of_reach() -> None:
    scene = asking(Answer(200, {}), Answer(200, []), Answer(200, {}))
    with pytest.raises(PlatformUnreachableError, match="made no sense"):
        await scene.adapter.fetch_guild(2001)


async def test_token_that_is_not_known_any_more_is_told_from_a_server_that_is_not() -> None:
    with pytest.raises(TokenInvalidError):
        await asking(Answer(401, {})).adapter.fetch_guild(2001)
