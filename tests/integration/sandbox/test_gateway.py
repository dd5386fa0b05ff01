import asyncio
import json
from typing import Any

import aiohttp
import pytest

from socialcube.sandbox.control.client import Bot, ControlClient
from socialcube.sandbox.limits import Limits
from socialcube.sandbox.running import RunningSandbox
from tests.integration.sandbox.clients import Api, Gateway, command, gateway_url, identify_data

CHANNEL = 3002
CONTENT, MEMBERS = 1 << 15, 1 << 1


@pytest.fixture
def connect(sandbox: RunningSandbox, session: aiohttp.ClientSession) -> Any:
    def make(*, compress: bool = False, url: str = "") -> Gateway:
        return Gateway(session, url or gateway_url(sandbox), compress=compress)

    return make


@pytest.mark.parametrize("compress", [False, True])
async def test_identify_brings_ready_and_guilds(
    connect: Any, bot: Bot, control: ControlClient, compress: bool
) -> None:
    async with connect(compress=compress) as gateway:
        ready = await gateway.identify(bot.token)
        guild = await gateway.event("GUILD_CREATE")
        sessions = control.sessions(bot.id, connected=True)

        assert ready["user"]["id"] == ready["application"]["id"] == bot.id
        assert ready["guilds"] == [{"id": "2001", "unavailable": True}]
        assert (guild["name"], guild["member_count"]) == ("Fern Street", 7)
        assert [member["user"]["id"] for member in guild["members"]] == [bot.id]
        assert [item["id"] for item in sessions] == [ready["session_id"]]
        assert control.bots()["Greenhouse"].online


async def test_identify_flag_compress_is_not_honoured(connect: Any, bot: Bot) -> None:
    async with connect() as gateway:
        ready = await gateway.identify(bot.token, compress=True)

    assert ready["v"] == 10


async def test_heartbeat_is_acknowledged_even_before_identify(connect: Any) -> None:
    async with connect() as gateway:
        await gateway.send(1, None)
        frame = await gateway.receive()

    assert frame == {"op": 11, "s": None, "t": None}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        ({"token": "wrong"}, 4004),
        ({"token": None}, 4004),
        ({"token": "é.é.é"}, 4004),
        ({"intents": 1 << 30}, 4013),
        ({"intents": -1}, 4013),
        ({"intents": "all"}, 4013),
        ({"intents": True}, 4013),
        ({"intents": CONTENT}, 4014),
        ({"intents": MEMBERS}, 4014),
        ({"shard": [1, 1]}, 4010),
        ({"shard": [0]}, 4010),
        ({"shard": "0,1"}, 4010),
        ([], 4002),
        (None, 4002),
    ],
)
async def test_identify_that_is_not_accepted_closes_with_discords_code(
    connect: Any, bot: Bot, data: Any, code: int
) -> None:
    async with connect() as gateway:
        await gateway.send(2, identify_data(bot.token, 1) | data if isinstance(data, dict) else data)

        assert await gateway.closed() == code


@pytest.mark.parametrize(
    ("frame", "code"),
    [
        ('{"op": 3, "d": {}}', 4003),
        ('{"op": 99, "d": {}}', 4003),
        ("nonsense", 4002),
        ("[]", 4002),
        ('{"op": "1"}', 4002),
        ('{"op": 1, "d": "' + "x" * 4096 + '"}', 4002),
        (b"\xff\xfe", 4002),
    ],
)
async def test_frame_that_is_not_understood_closes_with_discords_code(
    connect: Any, frame: str | bytes, code: int
) -> None:
    async with connect() as gateway:
        await (gateway.socket.send_str(frame) if isinstance(frame, str) else gateway.socket.send_bytes(frame))

        assert await gateway.closed() == code


async def test_unknown_opcode_after_identify_is_4001(connect: Any, bot: Bot) -> None:
    async with connect() as gateway:
        await gateway.identify(bot.token)
        await gateway.send(99, {})

        assert await gateway.closed() == 4001


async def test_second_identify_is_4005(connect: Any, bot: Bot) -> None:
    async with connect() as gateway:
        await gateway.identify(bot.token)
        await gateway.send(2, identify_data(bot.token, 1))

        assert await gateway.closed() == 4005


async def test_hundred_and_twenty_first_frame_in_a_minute_is_4008(connect: Any, bot: Bot) -> None:
    async with connect() as gateway:
        await gateway.identify(bot.token)
        for _ in range(120):
            await gateway.send(3, {"status": "online", "afk": False, "activities": [], "since": None})

        assert await gateway.closed() == 4008


@pytest.mark.parametrize(
    ("query", "code"),
    [("v=9&encoding=json", 4012), ("v=10&encoding=etf", 4002), ("v=10&compress=zstd-stream", 4002)],
)
async def test_other_versions_and_encodings_are_closed(
    sandbox: RunningSandbox, session: aiohttp.ClientSession, query: str, code: int
) -> None:
    async with session.ws_connect(f"{gateway_url(sandbox)}?{query}") as socket:
        await socket.receive(timeout=30)

        assert socket.close_code == code


async def test_resume_on_its_own_address_replays_in_order(
    connect: Any, bot: Bot, control: ControlClient, sandbox: RunningSandbox
) -> None:
    async with connect() as gateway:
        ready = await gateway.identify(bot.token)
        await gateway.event("GUILD_CREATE")
    for text in ("one", "two", "three"):
        control.say(text, user_id=1001, channel_id=CHANNEL)
    assert control.sessions(bot.id, connected=False)

    async with connect(url=ready["resume_gateway_url"]) as resumed:
        await resumed.resume(bot.token, ready["session_id"], gateway.sequence)
        frames = await resumed.quiet()
        session = control.sessions(bot.id)[0]

    assert ready["resume_gateway_url"] != gateway_url(sandbox)
    assert [frame["t"] for frame in frames] == ["MESSAGE_CREATE"] * 3 + ["RESUMED"]
    assert [frame["s"] for frame in frames] == list(range(gateway.sequence + 1, gateway.sequence + 5))
    assert (session["path"], session["resumes"]) == ("/gateway/resume", 1)


async def test_resume_takes_over_from_a_connection_that_still_stands(
    connect: Any, bot: Bot, control: ControlClient
) -> None:
    async with connect() as first:
        ready = await first.identify(bot.token)
        async with connect() as second:
            await second.resume(bot.token, ready["session_id"], first.sequence)

            assert await first.closed() == 4000
            await second.event("RESUMED")
            assert len(control.sessions(bot.id, connected=True)) == 1


@pytest.mark.parametrize("session_id", ["unknown", None])
async def test_resume_of_an_unknown_session_is_op_9_and_identify_goes_on(
    connect: Any, bot: Bot, session_id: str | None
) -> None:
    async with connect() as gateway:
        await gateway.send(6, {"token": bot.token, "session_id": session_id, "seq": 1})
        frame = await gateway.receive()
        ready = await gateway.identify(bot.token)

    assert (frame["op"], frame["d"]) == (9, False)
    assert ready["user"]["id"] == bot.id


async def test_resume_from_the_future_is_4007_and_ends_the_session(
    connect: Any, bot: Bot, control: ControlClient
) -> None:
    async with connect() as gateway:
        ready = await gateway.identify(bot.token)
    async with connect() as resumed:
        await resumed.resume(bot.token, ready["session_id"], 10_000)

        assert await resumed.closed() == 4007
    assert control.sessions(bot.id) == []


async def test_resume_with_another_bots_token_is_op_9(connect: Any, bot: Bot, control: ControlClient) -> None:
    async with connect() as gateway:
        ready = await gateway.identify(bot.token)
        async with connect() as thief:
            await thief.resume(control.bots()["Tavern"].token, ready["session_id"], 1)
            frame = await thief.receive()

    assert (frame["op"], frame["d"]) == (9, False)


@pytest.mark.parametrize(("code", "stays"), [(1000, False), (1001, False), (4000, True), (4900, True)])
async def test_close_by_the_client_ends_the_session_only_with_1000_and_1001(
    connect: Any, bot: Bot, control: ControlClient, code: int, stays: bool
) -> None:
    async with connect() as gateway:
        await gateway.identify(bot.token)
        await gateway.socket.close(code=code)
    await asyncio.sleep(0.1)

    assert bool(control.sessions(bot.id)) is stays
    assert not control.bots()["Greenhouse"].online


@pytest.mark.parametrize(
    ("code", "stays"), [(1001, True), (4000, True), (4004, False), (4009, False), (4014, False)]
)
async def test_close_by_the_server_keeps_the_session_where_discord_does(
    connect: Any, bot: Bot, control: ControlClient, code: int, stays: bool
) -> None:
    async with connect() as gateway:
        await gateway.identify(bot.token)
        assert control.close(bot.id, code) == 1

        assert await gateway.closed() == code
    await asyncio.sleep(0.1)
    assert bool(control.sessions(bot.id)) is stays


async def test_abort_cuts_without_a_close_frame(connect: Any, bot: Bot, control: ControlClient) -> None:
    async with connect() as gateway:
        await gateway.identify(bot.token)
        control.abort(bot.id)

        assert await gateway.closed() == 1006
    await asyncio.sleep(0.1)
    assert len(control.sessions(bot.id, connected=False)) == 1


async def test_op_7_and_9_are_sent_on_demand(connect: Any, bot: Bot, control: ControlClient) -> None:
    async with connect() as gateway:
        await gateway.identify(bot.token)
        await gateway.event("GUILD_CREATE")
        control.reconnect(bot.id)
        control.invalidate(bot.id, resumable=True)
        control.invalidate(bot.id, resumable=False)
        frames = [await gateway.receive() for _ in range(3)]

        assert [(frame["op"], frame["d"]) for frame in frames] == [(7, None), (9, True), (9, False)]
        assert control.sessions(bot.id) == []


async def test_muted_connection_stays_open_and_silent(connect: Any, bot: Bot, control: ControlClient) -> None:
    async with connect() as gateway:
        await gateway.identify(bot.token)
        await gateway.quiet()
        control.mute(bot.id)
        await gateway.send(1, None)
        control.say("unheard", user_id=1001, channel_id=CHANNEL)

        assert await gateway.quiet() == []
        assert control.sessions(bot.id, connected=True)


async def test_reset_token_closes_with_4004_and_is_refused_afterwards(
    connect: Any, bot: Bot, control: ControlClient, api: Api
) -> None:
    async with connect() as gateway:
        await gateway.identify(bot.token)
        fresh = control.reset_token(bot.id)
        assert await gateway.closed() == 4004
    async with connect() as old:
        await old.send(2, identify_data(bot.token, 1))
        assert await old.closed() == 4004
    async with connect() as new:
        assert (await new.identify(fresh))["user"]["id"] == bot.id

    assert (await api("GET", "/users/@me")).status == 401


async def test_message_content_needs_its_intent(connect: Any, bot: Bot, control: ControlClient) -> None:
    async with connect() as blind:
        await blind.identify(bot.token)
        control.say("secret", user_id=1001, channel_id=CHANNEL)
        control.say(f"hi <@{bot.id}>", user_id=1001, channel_id=CHANNEL)
        hidden, mentioned = await blind.event("MESSAGE_CREATE"), await blind.event("MESSAGE_CREATE")
    control.set_intents(bot.id, CONTENT)
    async with connect() as seeing:
        await seeing.identify(bot.token, 1 | 1 << 9 | CONTENT)
        control.say("open", user_id=1001, channel_id=CHANNEL)
        shown = await seeing.event("MESSAGE_CREATE")

    assert (hidden["content"], mentioned["content"], shown["content"]) == ("", f"hi <@{bot.id}>", "open")


async def test_events_without_their_intent_are_not_sent(
    connect: Any, bot: Bot, control: ControlClient
) -> None:
    async with connect() as gateway:
        await gateway.identify(bot.token, 0)
        control.say("hi", user_id=1001, channel_id=CHANNEL)
        control.ask("PATCH", "/guilds/2001", {"name": "Fern Road"})

        assert await gateway.quiet() == []


async def test_messages_of_hidden_channels_are_not_sent(
    connect: Any, bot: Bot, control: ControlClient
) -> None:
    async with connect() as gateway:
        await gateway.identify(bot.token)
        await gateway.event("GUILD_CREATE")
        control.say("staff only", user_id=1001, channel_id=3005)

        assert await gateway.quiet() == []


async def test_a_bot_is_told_of_its_own_roles_without_any_intent_for_members(
    connect: Any, bot: Bot, control: ControlClient
) -> None:
    async with connect() as gateway:
        await gateway.identify(bot.token, 1)
        await gateway.event("GUILD_CREATE")
        control.give_role(2001, 1004, 4001)
        control.give_role(2001, bot.id, 4001)
        own = await gateway.event("GUILD_MEMBER_UPDATE")
        assert own["user"]["id"] == bot.id
        control.give_role(2001, 1003, 4001)
        assert await gateway.quiet() == []


async def test_changes_of_guild_channels_and_members_are_told(
    connect: Any, bot: Bot, control: ControlClient
) -> None:
    control.set_intents(bot.id, MEMBERS)
    async with connect() as gateway:
        await gateway.identify(bot.token, 1 | MEMBERS)
        guild = await gateway.event("GUILD_CREATE")
        control.ask("PATCH", "/guilds/2001", {"name": "Fern Road"})
        renamed = await gateway.event("GUILD_UPDATE")
        made = control.ask("POST", "/guilds/2001/channels", {"name": "new"})
        created = await gateway.event("CHANNEL_CREATE")
        control.ask("PATCH", f"/channels/{made['id']}", {"name": "newer"})
        changed = await gateway.event("CHANNEL_UPDATE")
        control.ask("DELETE", f"/channels/{made['id']}")
        removed = await gateway.event("CHANNEL_DELETE")
        control.give_role(2001, 1004, 4001)
        promoted = await gateway.event("GUILD_MEMBER_UPDATE")
        control.take_role(2001, 1004, 4001)
        demoted = await gateway.event("GUILD_MEMBER_UPDATE")
        control.give_away(2001, 1002)
        given = await gateway.event("GUILD_UPDATE")
        control.ask("DELETE", "/guilds/2001/members/1004")
        left = await gateway.event("GUILD_MEMBER_REMOVE")
        control.ask("PUT", "/guilds/2001/members/1004")
        joined = await gateway.event("GUILD_MEMBER_ADD")
        control.add_to_guild(bot.id, 2002)
        second = await gateway.event("GUILD_CREATE")
        control.remove_from_guild(bot.id, 2002)
        gone = await gateway.event("GUILD_DELETE")

    assert len(guild["members"]) == 7
    assert (renamed["name"], created["name"], changed["name"]) == ("Fern Road", "new", "newer")
    assert removed["id"] == made["id"]
    assert (promoted["roles"], demoted["roles"], given["owner_id"]) == (["4001"], [], "1002")
    assert (left["user"]["id"], joined["user"]["id"]) == ("1004", "1004")
    assert (second["id"], gone["id"]) == ("2002", "2002")


async def test_roles_are_told_when_they_come_and_go(connect: Any, bot: Bot, control: ControlClient) -> None:
    async with connect() as gateway:
        await gateway.identify(bot.token)
        made = control.ask("POST", "/guilds/2001/roles", {"name": "Night watch", "permissions": 1024})
        created = await gateway.event("GUILD_ROLE_CREATE")
        control.ask("DELETE", f"/guilds/2001/roles/{made['id']}")
        removed = await gateway.event("GUILD_ROLE_DELETE")
        control.create_bot("Beacon", guild_ids=[2001])
        of_the_bot = await gateway.event("GUILD_ROLE_CREATE")

    assert (created["role"]["name"], removed["role_id"]) == ("Night watch", made["id"])
    assert of_the_bot["role"]["managed"] is True


async def test_edited_and_deleted_messages_are_told(connect: Any, bot: Bot, api: Api) -> None:
    async with connect() as gateway:
        await gateway.identify(bot.token)
        posted = await api("POST", f"/channels/{CHANNEL}/messages", {"content": "a", "nonce": "n"})
        one = f"/channels/{CHANNEL}/messages/{posted.value['id']}"
        await api("PATCH", one, {"content": "b"})
        await api("DELETE", one)
        created = await gateway.event("MESSAGE_CREATE")
        updated = await gateway.event("MESSAGE_UPDATE")
        deleted = await gateway.event("MESSAGE_DELETE")

    assert (created["nonce"], updated["content"]) == ("n", "b")
    assert deleted == {"id": posted.value["id"], "channel_id": str(CHANNEL), "guild_id": "2001"}


async def test_members_are_sent_on_request(connect: Any, bot: Bot, control: ControlClient) -> None:
    control.set_intents(bot.id, MEMBERS)
    async with connect() as gateway:
        await gateway.identify(bot.token, 1 | MEMBERS)
        await gateway.send(8, {"guild_id": "2001", "query": "", "limit": 0, "nonce": "x"})
        everyone = await gateway.event("GUILD_MEMBERS_CHUNK")
        await gateway.send(8, {"guild_id": "2001", "query": "jo", "limit": 1})
        by_name = await gateway.event("GUILD_MEMBERS_CHUNK")
        await gateway.send(8, {"guild_id": "2001", "user_ids": ["1001"]})
        by_id = await gateway.event("GUILD_MEMBERS_CHUNK")

    assert (len(everyone["members"]), everyone["nonce"]) == (7, "x")
    assert [member["user"]["username"] for member in by_name["members"]] == ["jonas"]
    assert [member["user"]["id"] for member in by_id["members"]] == ["1001"]


async def test_any_event_can_be_sent_for_tests(connect: Any, bot: Bot, control: ControlClient) -> None:
    async with connect() as gateway:
        await gateway.identify(bot.token)

        assert control.dispatch(bot.id, "TYPING_START", {"odd": True}) == 1
        assert await gateway.event("TYPING_START") == {"odd": True}


async def test_gateway_bot_counts_identifies(connect: Any, bot: Bot, api: Api) -> None:
    before = await api("GET", "/gateway/bot")
    async with connect() as gateway:
        await gateway.identify(bot.token)
    after = await api("GET", "/gateway/bot")

    left = [answer.value["session_start_limit"]["remaining"] for answer in (before, after)]
    assert left == [1000, 999]
    assert after.value["session_start_limit"]["reset_after"] > 86_000_000


async def test_identify_beyond_the_last_start_resets_the_token(
    connect: Any, bot: Bot, control: ControlClient
) -> None:
    control.set_starts(bot.id, 1000)
    async with connect() as gateway:
        await gateway.send(2, identify_data(bot.token, 1))

        assert await gateway.closed() == 4004
    assert control.bots()["Greenhouse"].token != bot.token


class TestWithDiscordsPauseBetweenIdentifies:
    @pytest.fixture
    def limits(self) -> Limits:
        return Limits()

    async def test_second_identify_within_five_seconds_is_op_9(self, connect: Any, bot: Bot) -> None:
        async with connect() as first:
            await first.identify(bot.token)
        async with connect() as second:
            await second.send(2, identify_data(bot.token, 1))
            frame = await second.receive()

        assert (frame["op"], frame["d"]) == (9, False)


class TestWithAShortPulse:
    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(heartbeat_seconds=0.2)

    async def test_connection_without_heartbeat_is_4009(self, connect: Any) -> None:
        async with connect() as gateway:
            assert await gateway.closed() == 4009


class TestWithAShortMemory:
    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(replay_events=3)

    async def test_resume_past_the_kept_events_is_op_9(
        self, connect: Any, bot: Bot, control: ControlClient
    ) -> None:
        async with connect() as gateway:
            ready = await gateway.identify(bot.token)
            sequence = gateway.sequence
        for number in range(5):
            control.say(str(number), user_id=1001, channel_id=CHANNEL)
        async with connect() as resumed:
            await resumed.resume(bot.token, ready["session_id"], sequence)
            frame = await resumed.receive()

        assert (frame["op"], frame["d"]) == (9, False)
        assert control.sessions(bot.id) == []


class TestWithShortPatience:
    @pytest.fixture
    def limits(self) -> Limits:
        return Limits(resume_seconds=0.2)

    async def test_session_that_nobody_resumes_is_forgotten(
        self, connect: Any, bot: Bot, control: ControlClient
    ) -> None:
        async with connect() as gateway:
            await gateway.identify(bot.token)
        await asyncio.sleep(0.6)

        assert control.sessions(bot.id) == []


async def test_interaction_reaches_the_bot_without_any_intent(
    connect: Any, bot: Bot, control: ControlClient, api: Api
) -> None:
    await api("POST", f"/applications/{bot.id}/commands", command())
    async with connect() as gateway:
        await gateway.identify(bot.token, 0)
        control.invoke("hello", user_id=1001, channel_id=CHANNEL, wait=0)
        interaction = await gateway.event("INTERACTION_CREATE")

    assert json.dumps(interaction).count(interaction["token"]) == 1


async def test_shard_gets_only_its_guilds(connect: Any, bot: Bot, control: ControlClient) -> None:
    async with connect() as gateway:
        ready = await gateway.identify(bot.token, shard=[1, 2])
        control.say("hi", user_id=1001, channel_id=CHANNEL)

        assert (ready["guilds"], ready["shard"]) == ([], [1, 2])
        assert await gateway.quiet() == []
