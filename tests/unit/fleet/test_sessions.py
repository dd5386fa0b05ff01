import asyncio
from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest

from socialcube.domain.placements import queries, service
from socialcube.domain.placements.types import Lease, ResumableSession, SessionTerms, Shard
from socialcube.fleet.sessions import KeptSession, SessionKeeper
from socialcube.kernel.ids import new_id
from tests.fakes.bridge import DirectBridge, away
from tests.fakes.clock import FakeClock

TERMS = SessionTerms(generation=1, shard_count=1, intents=1)
BEGUN = ResumableSession("abc", 1, "wss://resume.test", 5001)


class Scene:
    """Three bots of a runner whose sessions the test moves on."""

    def __init__(self, keeper: SessionKeeper, bridge: DirectBridge, leases: list[Lease]) -> None:
        self.keeper, self.bridge, self.leases = keeper, bridge, leases
        self.now: dict[Lease, ResumableSession | None] = dict.fromkeys(leases)
        self.waiting: set[Lease] = set()
        self.settled: dict[Lease, ResumableSession | None] = dict.fromkeys(leases)
        for lease in leases:
            self._keep(lease)

    def move(self, number: int, sequence: int) -> None:
        """Let a session handle its events up to this one."""
        self.now[self.leases[number]] = replace(BEGUN, sequence=sequence)

    async def stored(self) -> list[int | None]:
        """Give how far each bot's session is stored, None where there is none."""
        units = [lease.unit for lease in self.leases]
        found = await self.bridge.read(queries.list_sessions, dict.fromkeys(units, TERMS))
        return [found[unit].sequence if unit in found else None for unit in units]

    def _keep(self, lease: Lease) -> None:
        self.keeper.keep(
            KeptSession(
                lease,
                TERMS,
                look=lambda: self.now[lease],
                settled=lambda: self.settled[lease] if lease in self.waiting else self.now[lease],
            )
        )


@pytest.fixture
async def scene(
    bridge: DirectBridge, runner_id: UUID, clock: FakeClock, store_bots: Callable[[int], list[UUID]]
) -> Scene:
    wanted = {Shard(bot_id, 0): 1 for bot_id in store_bots(3)}
    leases = await bridge.write(service.claim_shards, runner_id, wanted, at_most=3)
    return Scene(SessionKeeper(bridge, runner_id, clock), bridge, leases)


async def test_sessions_in_which_something_happened_are_stored_in_one_transaction(scene: Scene) -> None:
    scene.move(0, 5)
    scene.move(2, 9)
    before = scene.bridge.calls
    assert await scene.keeper.flush()
    assert scene.bridge.calls == before + 1
    assert await scene.stored() == [5, None, 9]


async def test_sessions_in_which_nothing_happened_are_not_written_again(scene: Scene) -> None:
    scene.move(0, 5)
    await scene.keeper.flush()
    before = scene.bridge.calls
    assert await scene.keeper.flush()
    assert scene.bridge.calls == before


async def test_quiet_session_is_written_before_it_looks_old(scene: Scene, clock: FakeClock) -> None:
    scene.move(0, 5)
    await scene.keeper.flush()
    before = scene.bridge.calls
    clock.advance(121)
    await scene.keeper.flush()
    assert scene.bridge.calls == before + 1


async def test_session_whose_events_are_not_stored_yet_stays_as_it_was(scene: Scene) -> None:
    scene.move(0, 5)
    await scene.keeper.flush()
    scene.waiting.add(scene.leases[0])
    scene.move(0, 8)
    await scene.keeper.flush()
    assert await scene.stored() == [5, None, None]
    scene.waiting.clear()
    await scene.keeper.flush()
    assert await scene.stored() == [8, None, None]


async def test_busy_session_is_stored_as_far_as_its_events_are(scene: Scene) -> None:
    scene.waiting.update(scene.leases)
    for number in range(3):
        scene.move(number, 9)
    scene.settled[scene.leases[0]] = replace(BEGUN, sequence=7)
    scene.settled[scene.leases[1]] = replace(BEGUN, id="another", sequence=7)
    await scene.keeper.flush()
    assert await scene.stored() == [7, None, None]
    await scene.keeper.settle(scene.leases[0])
    assert await scene.stored() == [7, None, None]


async def test_session_that_was_ended_is_forgotten(scene: Scene) -> None:
    scene.move(0, 5)
    scene.move(1, 6)
    await scene.keeper.flush()
    scene.now[scene.leases[0]] = None
    await scene.keeper.flush()
    assert await scene.stored() == [None, 6, None]


async def test_what_could_not_be_written_is_written_later(scene: Scene) -> None:
    scene.move(0, 5)
    scene.bridge.fault = away()
    assert not await scene.keeper.flush()
    scene.bridge.fault = None
    assert await scene.keeper.flush()
    assert await scene.stored() == [5, None, None]


async def test_settled_session_is_stored_once_more_and_never_again(scene: Scene) -> None:
    lease = scene.leases[0]
    scene.move(0, 5)
    await scene.keeper.settle(lease)
    assert await scene.stored() == [5, None, None]
    scene.now[lease] = None
    await scene.keeper.flush()
    assert await scene.stored() == [5, None, None]


async def test_many_that_are_settled_together_share_a_transaction(scene: Scene) -> None:
    for number in range(3):
        scene.move(number, 5)
    before = scene.bridge.calls
    await asyncio.gather(*(scene.keeper.settle(lease) for lease in scene.leases))
    assert scene.bridge.calls <= before + 2
    assert await scene.stored() == [5, 5, 5]


async def test_thousand_that_are_settled_together_are_each_looked_at_once_or_twice(
    bridge: DirectBridge, runner_id: UUID, clock: FakeClock
) -> None:
    keeper, looks = SessionKeeper(bridge, runner_id, clock), [0]

    def look() -> ResumableSession:
        looks[0] += 1
        return BEGUN

    leases = [Lease(new_id(), 0, 1) for _ in range(1000)]
    for lease in leases:
        keeper.keep(KeptSession(lease, TERMS, look=look, settled=lambda: BEGUN))
    clock.advance(121)
    before, looks[0] = bridge.calls, 0
    await asyncio.gather(*(keeper.settle(lease) for lease in leases))
    assert looks[0] == len(leases)
    assert bridge.calls <= before + 2


async def test_session_that_could_not_be_settled_is_looked_after_no_more(scene: Scene) -> None:
    scene.move(0, 5)
    scene.bridge.fault = away()
    await scene.keeper.settle(scene.leases[0])
    scene.bridge.fault = None
    await scene.keeper.flush()
    await scene.keeper.settle(scene.leases[1])
    assert await scene.stored() == [None, None, None]


async def test_who_gives_up_settling_leaves_the_others_to_the_next(scene: Scene) -> None:
    for number in range(3):
        scene.move(number, 5)
    first, *others = [asyncio.create_task(scene.keeper.settle(lease)) for lease in scene.leases]
    await asyncio.sleep(0)
    first.cancel()
    await asyncio.gather(first, *others, return_exceptions=True)
    assert await scene.stored() == [None, 5, 5]


async def test_session_of_a_bot_that_may_be_anothers_is_left_as_it_is(scene: Scene) -> None:
    scene.move(0, 5)
    await scene.keeper.flush()
    scene.keeper.drop(scene.leases[0])
    scene.move(0, 9)
    await scene.keeper.flush()
    await scene.keeper.settle(scene.leases[0])
    assert await scene.stored() == [5, None, None]


async def test_loop_looks_again_and_again(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("socialcube.fleet.sessions._LOOK_SECONDS", 0)
    scene.move(0, 5)
    before = scene.bridge.calls
    task = asyncio.create_task(scene.keeper.run())
    async with asyncio.timeout(5):
        while scene.bridge.calls == before:  # noqa: ASYNC110 - the bridge has no event to wait for
            await asyncio.sleep(0)
    task.cancel()
    assert await scene.stored() == [5, None, None]
