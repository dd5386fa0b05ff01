"""A bot that Discord wants in more parts than it runs in."""

import asyncio
from collections.abc import AsyncIterator, Callable
from uuid import UUID

import pytest

from socialcube.adapters.base import SessionStarts
from socialcube.domain.bots import queries as bots
from socialcube.domain.bots.errors import ShardCountChangedError
from socialcube.domain.bots.types import Reason, WantedBot
from socialcube.domain.logs.types import BotLogRecord
from socialcube.domain.placements.errors import QuarantinedError
from socialcube.domain.placements.queries import count_starts
from socialcube.fleet.client import BotClient
from socialcube.kernel.settings import FleetSettings
from tests.factories.placements import all_shards
from tests.fakes.adapter import FakeAdapter
from tests.fakes.bridge import DirectBridge
from tests.fakes.clock import FakeClock
from tests.fakes.engine import settle
from tests.fakes.fleet import make_parts
from tests.fakes.logs import FakeSink


class Scene:
    """The clients of all shards of one bot."""

    def __init__(
        self, bridge: DirectBridge, runner_id: UUID, settings: FleetSettings, clock: FakeClock, sink: FakeSink
    ) -> None:
        self.bridge, self.sink = bridge, sink
        self.parts, self.adapters = make_parts(bridge, runner_id, settings, clock, sink)
        self.clients: list[BotClient] = []

    async def start(self, wanted: WantedBot) -> None:
        leases = await self.parts.placements.claim(all_shards([wanted.bot_id], count=wanted.shard_count))
        self.clients = [BotClient(lease, wanted, self.parts) for lease in leases]
        for client in self.clients:
            client.start()

    async def adapter_of(self, number: int) -> FakeAdapter:
        """Wait for the adapter of one shard."""
        async with asyncio.timeout(10):
            while True:
                for adapter in self.adapters.made:
                    if adapter.launch.shard == number:
                        return adapter
                await settle()

    async def over(self, client: BotClient) -> None:
        async with asyncio.timeout(10):
            while not client.is_over:
                await settle()

    def kinds(self) -> list[str]:
        return [record.kind for record in self.sink.of(BotLogRecord)]


@pytest.fixture
async def scene(
    bridge: DirectBridge, runner_id: UUID, settings: FleetSettings, clock: FakeClock, sink: FakeSink
) -> AsyncIterator[Scene]:
    scene = Scene(bridge, runner_id, settings, clock, sink)
    yield scene
    for client in scene.clients:
        await client.stop("The test is over.", hand_over=False, drain_seconds=0)


async def test_each_shard_is_launched_as_its_part_of_the_bot(
    scene: Scene, store_bots: Callable[[int], list[UUID]]
) -> None:
    [bot_id] = store_bots(1)
    await scene.start(WantedBot(bot_id, 1, 3))
    launches = [(await scene.adapter_of(number)).launch for number in range(3)]
    assert [(launch.shard, launch.shard_count) for launch in launches] == [(0, 3), (1, 3), (2, 3)]


async def test_recommended_number_is_stored_as_a_new_wish_and_no_start_is_spent(
    scene: Scene, store_bots: Callable[[int], list[UUID]], bridge: DirectBridge
) -> None:
    [bot_id] = store_bots(1)
    await scene.start(WantedBot(bot_id, 1))
    adapter = await scene.adapter_of(0)
    with pytest.raises(ShardCountChangedError) as caught:
        await adapter.events.admit_start(SessionStarts(999, 1000, 0, shards=4, max_concurrency=1))
    adapter.ending.set_exception(caught.value)
    await scene.over(scene.clients[0])
    assert await bridge.read(bots.list_wanted) == [WantedBot(bot_id, 2, 4)]
    assert await bridge.read(count_starts, bot_id) == 0
    view = await bridge.read(bots.get_bot, bot_id)
    assert not view.state.is_held
    assert "shard_count_changed" in scene.kinds()
    assert "crashed" not in scene.kinds()


async def test_client_of_an_older_wish_ends_before_it_connects(
    scene: Scene, store_bots: Callable[[int], list[UUID]]
) -> None:
    [bot_id] = store_bots(1)
    await scene.start(WantedBot(bot_id, 0))
    await scene.over(scene.clients[0])
    assert scene.adapters.made == []


async def test_quarantine_of_one_shard_holds_the_bot_with_a_reason(
    scene: Scene, store_bots: Callable[[int], list[UUID]], bridge: DirectBridge
) -> None:
    [bot_id] = store_bots(1)
    await scene.start(WantedBot(bot_id, 1, 2))
    await scene.adapter_of(1)
    await scene.clients[1].quarantine(QuarantinedError(count=500))
    state = (await bridge.read(bots.get_bot, bot_id)).state
    assert (state.is_held, state.reason) == (True, Reason.QUARANTINED)
    assert "refused 500 of its calls" in state.sentence
    assert "start it again" in state.remedy
    assert await bridge.read(bots.list_wanted) == []
