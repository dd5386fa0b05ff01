"""A bot in several parts, on several runners."""

from collections import Counter
from uuid import UUID

import pytest

from socialcube.domain.bots import queries as bots
from socialcube.domain.bots.types import GatewayState
from socialcube.sandbox.control.client import Bot
from socialcube.sandbox.running import RunningSandbox
from socialcube.sandbox.world.seed import FERN, MARA
from tests.support.installation import HELLO, Installation

pytestmark = pytest.mark.processes

SHARDS = 4


def online(sandbox: RunningSandbox, bot: Bot) -> list[list[int]]:
    """List number and count of each connected shard."""
    return sorted(item["shard"] for item in sandbox.control.sessions(bot.id, connected=True))


def runners_of(house: Installation, bot_id: UUID) -> Counter[UUID | None]:
    """Count the connected shards of each runner."""
    with house.reading() as session:
        shards = bots.list_shards(session, bot_id)
    return Counter(shard.runner_id for shard in shards if shard.gateway is GatewayState.CONNECTED)


def test_bot_grows_to_the_recommended_shards_and_they_are_shared_and_taken_over_one_by_one(
    small_house: Installation, sandbox: RunningSandbox
) -> None:
    house = small_house
    bot = sandbox.control.create_bot("Grove", guild_ids=[FERN])
    sandbox.control.set_sharding(bot.id, shards=SHARDS, max_concurrency=SHARDS)
    bot_id = house.add_bot(bot, HELLO)
    house.start_runner("first")
    house.start_runner("second")
    every = [[number, SHARDS] for number in range(SHARDS)]
    house.wait(lambda: online(sandbox, bot) == every, "every shard is online")
    house.wait(lambda: sorted(runners_of(house, bot_id).values()) == [2, 2], "both run half of the shards")
    view = house.view(bot_id)
    assert (view.shard_count, view.state.gateway, view.state.guild_count) == (
        SHARDS,
        GatewayState.CONNECTED,
        1,
    )
    answer = sandbox.control.invoke("hello", user_id=MARA, channel_id=3004, bot_id=bot.id)
    assert answer["outcome"] == "answered"
    house.wait(
        lambda: len(house.rows("SELECT shard FROM gateway_sessions")) == SHARDS, "every session is stored"
    )
    sandbox.control.clear_calls()
    victim = house.runners["first"]
    victim.kill()
    victim.wait()
    house.wait(lambda: set(runners_of(house, bot_id).values()) == {SHARDS}, "the other one has them all")
    assert online(sandbox, bot) == every
    kinds = Counter(seen["kind"] for seen in sandbox.control.calls())
    assert (kinds["resume"], kinds["identify"]) == (2, 0)
    answer = sandbox.control.invoke("hello", user_id=MARA, channel_id=3004, bot_id=bot.id)
    assert answer["outcome"] == "answered"
