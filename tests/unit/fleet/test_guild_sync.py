from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy.exc import OperationalError

from socialcube.domain.guilds import queries
from socialcube.domain.guilds.types import GuildSnapshot
from socialcube.domain.placements import service
from socialcube.domain.placements.errors import LeaseLostError
from socialcube.domain.placements.types import ClaimTerms, Lease
from socialcube.fleet.guild_sync import GuildSync
from tests.factories.guilds import make_channel, make_guild
from tests.fakes.bridge import DirectBridge, away


class Scene:
    def __init__(self, lease: Lease, runner_id: UUID, bridge: DirectBridge) -> None:
        self.lease = lease
        self.bridge = bridge
        self.seen: dict[int, GuildSnapshot] = {}
        self.sync = GuildSync(lease, runner_id, bridge, self.seen.get)

    def show(self, guild: GuildSnapshot) -> None:
        self.seen[guild.external_id] = guild
        self.sync.changed(guild.external_id)

    async def stored(self) -> list[str]:
        views = await self.bridge.read(queries.list_guilds_of_bot, self.lease.bot_id)
        return sorted(view.name for view in views)


@pytest.fixture
async def scene(bridge: DirectBridge, runner_id: UUID, store_bots: Callable[[int], list[UUID]]) -> Scene:
    [lease] = await bridge.write(service.claim_bots, runner_id, store_bots(1), ClaimTerms(1, 20))
    return Scene(lease, runner_id, bridge)


async def test_server_is_stored_once_for_many_events(scene: Scene) -> None:
    for number in range(20):
        scene.show(make_guild(external_id=1, name="Fern", channels=(make_channel(position=number),)))
    before = scene.bridge.calls
    await scene.sync.flush()
    assert scene.bridge.calls == before + 1
    assert await scene.stored() == ["Fern"]


async def test_server_that_looks_as_it_did_is_not_written_again(scene: Scene) -> None:
    scene.show(make_guild(external_id=1, name="Fern"))
    await scene.sync.flush()
    before = scene.bridge.calls
    scene.sync.changed(1)
    await scene.sync.flush()
    assert scene.bridge.calls == before
    scene.sync.refresh(frozenset({1}))
    await scene.sync.flush()
    assert scene.bridge.calls == before + 1


async def test_server_that_was_left_is_stored_as_left(scene: Scene) -> None:
    scene.show(make_guild(external_id=1, name="Fern"))
    scene.show(make_guild(external_id=2, name="Harbor"))
    await scene.sync.flush()
    scene.sync.left(1)
    await scene.sync.flush()
    assert await scene.stored() == ["Harbor"]


async def test_server_that_was_left_while_nobody_looked_is_noticed_at_the_next_session(scene: Scene) -> None:
    scene.show(make_guild(external_id=1, name="Fern"))
    scene.show(make_guild(external_id=2, name="Harbor"))
    await scene.sync.flush()
    scene.sync.present_in(frozenset({2}))
    await scene.sync.flush()
    assert await scene.stored() == ["Harbor"]


async def test_server_that_is_not_available_is_left_as_it_was(scene: Scene) -> None:
    scene.show(make_guild(external_id=1, name="Fern"))
    await scene.sync.flush()
    scene.seen.clear()
    scene.sync.changed(1)
    await scene.sync.flush()
    assert await scene.stored() == ["Fern"]


async def test_what_could_not_be_written_waits_and_what_is_newer_wins(scene: Scene) -> None:
    scene.show(make_guild(external_id=1, name="Fern"))
    scene.show(make_guild(external_id=2, name="Harbor"))
    scene.sync.present_in(frozenset({1, 2}))
    scene.bridge.fault = away()
    with pytest.raises(OperationalError):
        await scene.sync.flush()
    scene.sync.left(2)
    scene.bridge.fault = None
    await scene.sync.flush()
    assert await scene.stored() == ["Fern"]


async def test_runner_that_lost_the_bot_writes_nothing(scene: Scene) -> None:
    await scene.bridge.write(service.retire_runner, scene.sync._runner_id)
    scene.show(make_guild(external_id=1, name="Fern"))
    with pytest.raises(LeaseLostError):
        await scene.sync.flush()
    assert await scene.stored() == []
