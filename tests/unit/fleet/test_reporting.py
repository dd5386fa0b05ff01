import asyncio
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest

from socialcube.domain.bots import queries as bots
from socialcube.domain.bots import service as bot_service
from socialcube.domain.bots.types import GatewayState
from socialcube.domain.placements.types import Shard
from socialcube.fleet.reporting import StateReporter
from tests.factories.bots import make_observation
from tests.fakes.bridge import DirectBridge, away
from tests.fakes.clock import FakeClock

StoreBots = Callable[[int], list[UUID]]


async def gateway_of(bridge: DirectBridge, bot_id: UUID) -> GatewayState:
    view = await bridge.read(bots.get_bot, bot_id)
    return view.state.gateway


async def test_only_the_newest_sight_of_a_bot_is_written_in_one_transaction(
    bridge: DirectBridge, store_bots: StoreBots
) -> None:
    reporter, [first, second] = StateReporter(bridge), store_bots(2)
    reporter.put(make_observation(bot_id=first, gateway=GatewayState.CONNECTING))
    reporter.put(make_observation(bot_id=first, gateway=GatewayState.CONNECTED))
    reporter.put(make_observation(bot_id=second, gateway=GatewayState.RECONNECTING))
    assert await reporter.flush()
    assert bridge.calls == 1
    assert await gateway_of(bridge, first) is GatewayState.CONNECTED
    assert await gateway_of(bridge, second) is GatewayState.RECONNECTING


async def test_sights_of_very_many_bots_are_written_in_several_short_transactions(
    bridge: DirectBridge, store_bots: StoreBots, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("socialcube.fleet.reporting._AT_ONCE", 25)
    reporter, stored = StateReporter(bridge), store_bots(60)
    for bot in stored:
        reporter.put(make_observation(bot_id=bot, gateway=GatewayState.RECONNECTING))
    original, written = bridge.write, 0

    async def write_twice(*args: object, **kwargs: object) -> object:
        nonlocal written
        written += 1
        if written > 2:
            raise away()
        return await original(*args, **kwargs)  # type: ignore[arg-type] # handed on as it came

    bridge.write = write_twice  # type: ignore[method-assign, assignment] # breaks in the middle
    assert not await reporter.flush()
    written = 1
    assert await reporter.flush()
    assert written == 2
    bridge.write = original  # type: ignore[method-assign] # see above
    for bot in stored:
        assert await gateway_of(bridge, bot) is GatewayState.RECONNECTING


async def test_nothing_new_writes_nothing(bridge: DirectBridge) -> None:
    assert await StateReporter(bridge).flush()
    assert bridge.calls == 0


async def test_what_could_not_be_written_waits_and_never_hides_what_is_newer(
    bridge: DirectBridge, store_bots: StoreBots
) -> None:
    reporter, [bot, other] = StateReporter(bridge), store_bots(2)
    reporter.put(make_observation(bot_id=bot, gateway=GatewayState.CONNECTING))
    reporter.put(make_observation(bot_id=other, gateway=GatewayState.CONNECTED))
    bridge.fault = away()
    flushing = asyncio.create_task(reporter.flush())
    await asyncio.sleep(0)
    reporter.put(make_observation(bot_id=bot, gateway=GatewayState.RECONNECTING))
    assert not await flushing
    bridge.fault = None
    assert await reporter.flush()
    assert await gateway_of(bridge, bot) is GatewayState.RECONNECTING
    assert await gateway_of(bridge, other) is GatewayState.CONNECTED


async def test_latencies_of_all_shards_are_written_with_the_next_sight(
    bridge: DirectBridge, store_bots: StoreBots, clock: FakeClock
) -> None:
    reporter, [bot, other] = StateReporter(bridge), store_bots(2)
    reporter.sample(Shard(bot, 0), 10.0)
    reporter.sample(Shard(bot, 1), 30.0)
    reporter.sample(Shard(other, 0), 5.0)
    assert await reporter.flush()
    assert bridge.calls == 0
    reporter.put(make_observation(bot_id=bot))
    bridge.fault = away()
    assert not await reporter.flush()
    bridge.fault = None
    assert await reporter.flush()
    [sample] = await bridge.read(bots.list_latency, bot, clock.now() - timedelta(hours=1))
    assert (sample.worst_ms, sample.mean_ms, sample.count) == (30.0, 20.0, 2)
    reporter.put(make_observation(bot_id=bot))
    assert await reporter.flush()
    assert await bridge.read(bots.list_latency, bot, clock.now() - timedelta(hours=1)) == [sample]


async def test_sights_of_two_shards_do_not_take_each_others_place(
    bridge: DirectBridge, store_bots: StoreBots
) -> None:
    reporter, [bot] = StateReporter(bridge), store_bots(1)
    await bridge.write(bot_service.set_shard_count, bot, 1, 2)
    for shard, gateway in enumerate((GatewayState.CONNECTED, GatewayState.RECONNECTING)):
        reporter.put(make_observation(bot_id=bot, shard=shard, shard_count=2, gateway=gateway))
    assert await reporter.flush()
    shards = await bridge.read(bots.list_shards, bot)
    assert [shard.gateway for shard in shards] == [GatewayState.CONNECTED, GatewayState.RECONNECTING]
    assert await gateway_of(bridge, bot) is GatewayState.RECONNECTING


async def test_loop_writes_what_is_put(
    bridge: DirectBridge, store_bots: StoreBots, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("socialcube.fleet.reporting._GATHER_SECONDS", 0)
    reporter, [bot] = StateReporter(bridge), store_bots(1)
    task = asyncio.create_task(reporter.run())
    reporter.put(make_observation(bot_id=bot, gateway=GatewayState.CONNECTED))
    async with asyncio.timeout(5):
        while bridge.calls == 0:  # noqa: ASYNC110 - the bridge has no event to wait for
            await asyncio.sleep(0)
    task.cancel()
    assert await gateway_of(bridge, bot) is GatewayState.CONNECTED
