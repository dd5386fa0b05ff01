import asyncio
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy.exc import OperationalError

from socialcube.adapters.errors import PlatformUnreachableError, TokenInvalidError
from socialcube.domain.access.types import Scope
from socialcube.domain.guilds import queries
from socialcube.domain.guilds import service as guilds
from socialcube.domain.guilds.types import GuildNews, GuildSnapshot, PlaceSight
from socialcube.domain.placements import service
from socialcube.domain.placements.errors import LeaseLostError
from socialcube.domain.placements.types import Lease, ResumableSession
from socialcube.fleet.guild_sync import GuildSync
from tests.factories.guilds import make_channel, make_guild
from tests.factories.placements import all_shards
from tests.fakes.bridge import DirectBridge, away
from tests.fakes.clock import FakeClock


class Scene:
    def __init__(self, lease: Lease, runner_id: UUID, bridge: DirectBridge) -> None:
        self.lease = lease
        self.bridge = bridge
        self.seen: dict[int, GuildSnapshot] = {}
        self.elsewhere: dict[int, GuildSnapshot] = {}
        self.fetched: list[int] = []
        self.fault: Exception | None = None
        self.told: list[GuildNews] = []
        self.clock = FakeClock()
        self.session: ResumableSession | None = ResumableSession("abc", 1, "wss://resume.test", 5001)
        self.sync = GuildSync(
            lease,
            runner_id,
            bridge,
            self.seen.get,
            self.fetch,
            self.told.extend,
            clock=self.clock,
            look=lambda: self.session,
        )

    async def fetch(self, external_id: int) -> GuildSnapshot | None:
        self.fetched.append(external_id)
        if self.fault is not None:
            raise self.fault
        return self.elsewhere.get(external_id)

    def sentences(self) -> list[str]:
        """Give what was told since the last time."""
        found = [news.sentence for news in self.told]
        self.told.clear()
        return found

    def show(self, guild: GuildSnapshot) -> None:
        self.seen[guild.external_id] = guild
        self.sync.changed(guild.external_id)

    async def sight(self) -> PlaceSight:
        [sight] = await self.bridge.read(
            queries.list_sights, scope=Scope(is_all=False, bot_ids=frozenset({self.lease.bot_id}))
        )
        return sight

    async def stored(self) -> list[str]:
        views = await self.bridge.read(queries.list_guilds_of_bot, self.lease.bot_id)
        return sorted(view.name for view in views)


@pytest.fixture
async def scene(bridge: DirectBridge, runner_id: UUID, store_bots: Callable[[int], list[UUID]]) -> Scene:
    [lease] = await bridge.write(service.claim_shards, runner_id, all_shards(store_bots(1)), at_most=1)
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


async def test_of_very_many_unknown_servers_the_first_are_stored_before_the_last_are_asked_for(
    scene: Scene,
) -> None:
    scene.elsewhere.update({key: make_guild(external_id=key, name=f"S{key:03}") for key in range(60)})
    scene.sync.refresh(frozenset(range(60)))
    await scene.sync.flush()
    assert len(scene.fetched) == len(await scene.stored()) == 25
    assert scene.sync.is_waiting
    await scene.sync.flush()
    await scene.sync.flush()
    assert len(scene.fetched) == len(await scene.stored()) == 60
    assert not scene.sync.is_waiting


async def test_server_that_could_not_be_asked_for_is_asked_for_again(scene: Scene) -> None:
    scene.elsewhere[1] = make_guild(external_id=1, name="Fern")
    scene.fault = PlatformUnreachableError(reason="test")
    scene.sync.changed(1)
    with pytest.raises(PlatformUnreachableError):
        await scene.sync.flush()
    assert scene.sync.is_waiting
    scene.fault = None
    await scene.sync.flush()
    assert await scene.stored() == ["Fern"]


async def test_token_that_is_refused_meanwhile_ends_the_bot(
    scene: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("socialcube.fleet.guild_sync._GATHER_SECONDS", 0)
    scene.fault = TokenInvalidError(reason="it answered 401")
    scene.sync.changed(1)
    with pytest.raises(TokenInvalidError):
        await scene.sync.run()


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


async def test_joining_and_leaving_are_told_by_name_once_stored(scene: Scene) -> None:
    scene.seen[1] = make_guild(external_id=1, name="Fern")
    scene.sync.joined(1)
    await scene.sync.flush()
    scene.sync.changed(1)
    scene.sync.left(1)
    scene.sync.left(1)
    await scene.sync.flush()
    scene.sync.left(1)
    await scene.sync.flush()
    assert scene.sentences() == ["Was added to Fern.", "Was removed from Fern."]


async def test_leaving_that_somebody_wanted_is_told_as_such(scene: Scene) -> None:
    scene.show(make_guild(external_id=1, name="Fern"))
    await scene.sync.flush()
    scene.sync.leaving(1)
    scene.sync.left(1)
    await scene.sync.flush()
    assert scene.sentences() == ["Left Fern, as somebody asked here."]
    scene.seen[1] = make_guild(external_id=1, name="Fern")
    scene.sync.joined(1)
    await scene.sync.flush()
    scene.sync.left(1)
    await scene.sync.flush()
    assert scene.sentences() == ["Was added to Fern.", "Was removed from Fern."]


async def test_new_names_and_permissions_are_told(scene: Scene) -> None:
    scene.show(make_guild(external_id=1, name="Fern", permissions=2048))
    await scene.sync.flush()
    scene.show(make_guild(external_id=1, name="Moss", permissions=2048 | 1 << 2))
    await scene.sync.flush()
    assert scene.sentences() == ["Fern is called Moss now.", "In Moss it may now: Ban Members."]


async def test_another_name_that_another_bot_stored_first_is_told_all_the_same(
    scene: Scene, store_bots: Callable[[int], list[UUID]]
) -> None:
    scene.show(make_guild(external_id=1, name="Fern"))
    await scene.sync.flush()
    [other] = store_bots(1)
    renamed = make_guild(external_id=1, name="Moss")
    await scene.bridge.write(guilds.sync_guild, other, "discord", renamed)
    scene.show(renamed)
    await scene.sync.flush()
    assert scene.sentences() == ["Fern is called Moss now."]


async def test_an_outage_is_stored_and_told_apart_from_a_removal(scene: Scene) -> None:
    scene.show(make_guild(external_id=1, name="Fern"))
    await scene.sync.flush()
    scene.sync.unavailable(1)
    await scene.sync.flush()
    sight = await scene.sight()
    assert (sight.left_at, sight.unavailable_at is None) == (None, False)
    scene.show(make_guild(external_id=1, name="Fern"))
    await scene.sync.flush()
    assert (await scene.sight()).unavailable_at is None
    [gone, back] = scene.sentences()
    assert gone.startswith("Discord cannot reach Fern")
    assert back == "Fern can be reached again."


async def test_an_outage_that_could_not_be_written_waits(scene: Scene) -> None:
    scene.show(make_guild(external_id=1, name="Fern"))
    await scene.sync.flush()
    scene.bridge.fault = away()
    scene.sync.unavailable(1)
    with pytest.raises(OperationalError):
        await scene.sync.flush()
    scene.bridge.fault = None
    assert scene.sync.is_waiting
    await scene.sync.flush()
    assert (await scene.sight()).unavailable_at is not None


async def test_servers_that_were_left_while_nobody_looked_are_told_as_a_number(scene: Scene) -> None:
    for number in (1, 2, 3):
        scene.show(make_guild(external_id=number))
    await scene.sync.flush()
    scene.sync.present_in(frozenset({2}))
    await scene.sync.flush()
    assert scene.sentences() == ["Was removed from 2 servers while it did not run."]


async def test_a_server_that_the_adapter_does_not_know_is_asked_for(scene: Scene) -> None:
    scene.elsewhere[1] = make_guild(external_id=1, name="Fern")
    scene.sync.changed(1)
    await scene.sync.flush()
    assert (scene.fetched, await scene.stored()) == ([1], ["Fern"])


async def test_server_that_was_asked_for_just_now_is_asked_for_again_only_after_a_while(scene: Scene) -> None:
    scene.elsewhere[1] = make_guild(external_id=1, name="Fern")
    for _ in range(3):
        scene.sync.changed(1)
        await scene.sync.flush()
    assert scene.fetched == [1]
    scene.elsewhere[1] = make_guild(external_id=1, name="Moss")
    scene.clock.advance(10)
    await scene.sync.flush()
    assert (scene.fetched, await scene.stored(), scene.sync.is_waiting) == ([1, 1], ["Moss"], False)


async def test_session_is_settled_up_to_where_the_last_storing_began(scene: Scene) -> None:
    begun = ResumableSession("abc", 5, "wss://resume.test", 5001)
    scene.session = begun
    scene.show(make_guild(external_id=1, name="Fern"))
    before = scene.sync.settled
    assert before is None
    flushing = asyncio.create_task(scene.sync.flush())
    await asyncio.sleep(0)
    scene.session = replace(begun, sequence=9)
    scene.show(make_guild(external_id=1, name="Moss"))
    await flushing
    assert scene.sync.settled == begun
    await scene.sync.flush()
    assert scene.sync.settled == replace(begun, sequence=9)


async def test_session_is_not_settled_while_a_server_waits_to_be_asked_for(scene: Scene) -> None:
    scene.elsewhere.update({key: make_guild(external_id=key) for key in range(30)})
    scene.sync.refresh(frozenset(range(30)))
    await scene.sync.flush()
    before = scene.sync.settled
    assert before is None
    await scene.sync.flush()
    assert scene.sync.settled == scene.session
