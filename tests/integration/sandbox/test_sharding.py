"""Shards: who is told of what, and who may start when."""

from collections.abc import Callable
from contextlib import AsyncExitStack
from typing import Any

import aiohttp
import pytest

from socialcube.sandbox.control.client import Bot, ControlClient
from socialcube.sandbox.limits import Limits
from socialcube.sandbox.running import RunningSandbox
from tests.integration.sandbox.clients import Api, Gateway, command, gateway_url, identify_data

Connect = Callable[[], Gateway]
MARA = 1001
COUNT = 3


@pytest.fixture
def connect(sandbox: RunningSandbox, session: aiohttp.ClientSession) -> Connect:
    return lambda: Gateway(session, gateway_url(sandbox))


@pytest.fixture
def guilds(control: ControlClient, bot: Bot) -> list[str]:
    """Give three guilds of the bot, of which each belongs to another of three shards."""
    made = [control.create_guild(f"Guild {slot}", slot=slot) for slot in range(COUNT)]
    for guild_id in made:
        control.add_to_guild(bot.id, guild_id)
    return made


def channel_of(control: ControlClient, guild_id: str) -> str:
    found = next(guild for guild in control.world()["guilds"] if guild["id"] == guild_id)
    return str(found["channels"][0]["id"])


async def all_shards(stack: AsyncExitStack, connect: Connect, bot: Bot) -> list[Gateway]:
    gateways = []
    for number in range(COUNT):
        gateway = await stack.enter_async_context(connect())
        await gateway.identify(bot.token, shard=[number, COUNT])
        await gateway.quiet(0.1)
        gateways.append(gateway)
    return gateways


def names(frames: list[dict[str, Any]]) -> list[str]:
    return [frame["t"] for frame in frames]


async def test_each_shard_is_told_of_its_guilds_only(connect: Connect, bot: Bot, guilds: list[str]) -> None:
    found = []
    for number in range(COUNT):
        async with connect() as gateway:
            ready = await gateway.identify(bot.token, shard=[number, COUNT])
            found.append({guild["id"] for guild in ready["guilds"]})
            assert ready["shard"] == [number, COUNT]

    # Fern Street, as everything of the first day, belongs to the first shard.
    assert found == [{"2001", guilds[0]}, {guilds[1]}, {guilds[2]}]


async def test_events_and_interactions_reach_the_shard_of_their_guild(
    connect: Connect, control: ControlClient, api: Api, bot: Bot, guilds: list[str]
) -> None:
    await api("POST", f"/applications/{bot.id}/commands", command())
    channel = channel_of(control, guilds[1])
    async with AsyncExitStack() as stack:
        shards = await all_shards(stack, connect, bot)
        control.say("hi", user_id=MARA, channel_id=channel)
        control.invoke("hello", user_id=MARA, channel_id=channel, wait=0)
        control.dispatch(bot.id, "TEST", {"guild_id": guilds[2]})
        control.dispatch(bot.id, "DIRECT", {})
        heard = [names(await shard.quiet(0.3)) for shard in shards]

    assert heard == [["DIRECT"], ["MESSAGE_CREATE", "INTERACTION_CREATE"], ["TEST"]]


async def test_own_account_concerns_every_shard(connect: Connect, api: Api, bot: Bot) -> None:
    async with AsyncExitStack() as stack:
        shards = await all_shards(stack, connect, bot)
        await api("PATCH", "/users/@me", {"username": "Fern"})
        heard = [names(await shard.quiet(0.2)) for shard in shards]

    assert heard == [["USER_UPDATE"]] * COUNT


async def test_shard_is_resumed_with_what_it_missed_in_order(
    connect: Connect, control: ControlClient, bot: Bot, guilds: list[str]
) -> None:
    channel = channel_of(control, guilds[1])
    async with connect() as first:
        ready = await first.identify(bot.token, shard=[1, COUNT])
        await first.event("GUILD_CREATE")
    for text in ("one", "two"):
        control.say(text, user_id=MARA, channel_id=channel)
    control.say("elsewhere", user_id=MARA, channel_id=3002)
    async with connect() as again:
        await again.resume(bot.token, ready["session_id"], first.sequence)
        frames = await again.quiet(0.3)
        session = control.sessions(bot.id, shard=1)[0]

    assert names(frames) == ["MESSAGE_CREATE", "MESSAGE_CREATE", "RESUMED"]
    assert (session["shard"], session["resumes"]) == ([1, COUNT], 1)
    steps = control.calls(application_id=bot.id, path="gateway")
    assert [(step["kind"], step["shard"]) for step in steps] == [
        ("identify", [1, COUNT]),
        ("disconnect", [1, COUNT]),
        ("resume", [1, COUNT]),
        ("disconnect", [1, COUNT]),
    ]


async def test_one_shard_can_be_closed_alone(connect: Connect, control: ControlClient, bot: Bot) -> None:
    async with AsyncExitStack() as stack:
        shards = await all_shards(stack, connect, bot)
        assert control.close(bot.id, 4000, shard=1) == 1

        assert await shards[1].closed() == 4000
        assert [item["shard"][0] for item in control.sessions(bot.id, connected=True)] == [0, 2]


async def test_recommended_shards_are_told(api: Api, control: ControlClient, bot: Bot) -> None:
    control.set_sharding(bot.id, 4, max_concurrency=2)

    told = (await api("GET", "/gateway/bot")).value

    assert (told["shards"], told["session_start_limit"]["max_concurrency"]) == (4, 2)
    assert control.bots()["Greenhouse"].shards == 4


async def test_too_many_guilds_for_one_session_is_4011(
    connect: Connect, control: ControlClient, bot: Bot, guilds: list[str]
) -> None:
    control.set_sharding(bot.id, COUNT, guilds_per_shard=2)
    async with connect() as alone, connect() as sharded:
        await alone.send(2, identify_data(bot.token, 1))
        assert await alone.closed() == 4011
        ready = await sharded.identify(bot.token, shard=[1, COUNT])

    assert [guild["id"] for guild in ready["guilds"]] == [guilds[1]]


class TestWithDiscordsPauseBetweenIdentifies:
    @pytest.fixture
    def limits(self) -> Limits:
        return Limits()

    async def test_buckets_admit_one_identify_each_in_five_seconds(
        self, connect: Connect, control: ControlClient, bot: Bot
    ) -> None:
        control.set_sharding(bot.id, 4, max_concurrency=2)
        outcomes = []
        for number in range(4):
            async with connect() as gateway:
                await gateway.send(2, identify_data(bot.token, 1, shard=[number, 4]))
                frame = await gateway.receive()
                assert frame is not None
                outcomes.append(frame["t"] or (frame["op"], frame["d"]))

        assert outcomes == ["READY", "READY", (9, False), (9, False)]
        assert control.bots()["Greenhouse"].starts_left == 998
