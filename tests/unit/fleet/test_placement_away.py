"""What a runner owns after a time in which the database took no writes."""

from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import update
from sqlalchemy.exc import OperationalError

from socialcube.db.types import now_plus
from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.placements import queries, service
from socialcube.domain.placements.errors import LeaseLostError
from socialcube.domain.placements.models import Placement, Runner
from socialcube.fleet.placement import Placements, RunnerIdentity
from socialcube.kernel.settings import FleetSettings
from tests.fakes.bridge import DirectBridge, away, read_only
from tests.fakes.clock import FakeClock

StoreBots = Callable[[int], list[UUID]]
MakePlacements = Callable[[UUID, str], Placements]


@pytest.fixture
def make_placements(bridge: DirectBridge, settings: FleetSettings, clock: FakeClock) -> MakePlacements:
    def make(runner_id: UUID, host: str) -> Placements:
        identity = RunnerIdentity(runner_id, host, Path(f"/nowhere/{host}.lock"))
        return Placements(bridge, identity, settings, clock)

    return make


@pytest.fixture
def placements(make_placements: MakePlacements, runner_id: UUID) -> Placements:
    return make_placements(runner_id, "here")


@pytest.fixture
async def neighbour(make_placements: MakePlacements, bridge: DirectBridge) -> Placements:
    other_id = await bridge.write(service.register_runner, host="there", pid=2, lock_path="")
    return make_placements(other_id, "there")


async def let_time_pass(bridge: DirectBridge, clock: FakeClock, seconds: int) -> None:
    """Make every row as old as it is after so long without a write, and turn the runners' clock too."""

    def age(uow: UnitOfWork) -> None:
        for statement in (
            update(Placement).values(expires_at=now_plus(20 - seconds)),
            update(Runner).values(seen_at=now_plus(-seconds)),
        ):
            uow.session.execute(statement.execution_options(synchronize_session=False))

    fault, bridge.fault = bridge.fault, None
    await bridge.write(age)
    bridge.fault = fault
    clock.advance(5)


async def refuse_writes(bridge: DirectBridge, clock: FakeClock, seconds: int, *runners: Placements) -> None:
    """Let the database take no writes for so long, while the runners go on renewing every 5 seconds."""
    bridge.fault = read_only()
    for _ in range(0, seconds, 5):
        clock.advance(5)
        for runner in runners:
            await runner.renew()
    await let_time_pass(bridge, clock, seconds)
    bridge.fault = None


async def test_bots_stay_when_writes_work_again_after_longer_than_a_lease(
    placements: Placements, store_bots: StoreBots, clock: FakeClock, bridge: DirectBridge
) -> None:
    leases = await placements.claim(store_bots(2))
    await refuse_writes(bridge, clock, 120, placements)
    await placements.renew()
    assert all(placements.vouches(lease) for lease in leases)
    assert set(await bridge.read(queries.list_leases, placements.runner.id)) == set(leases)


async def test_runner_that_renews_first_takes_nothing_from_another_that_was_refused_too(
    placements: Placements,
    neighbour: Placements,
    store_bots: StoreBots,
    clock: FakeClock,
    bridge: DirectBridge,
) -> None:
    bots = store_bots(2)
    [ours], [theirs] = await placements.claim(bots), await neighbour.claim(bots)
    await refuse_writes(bridge, clock, 120, placements, neighbour)
    await placements.renew()
    assert await placements.claim(bots) == []
    await neighbour.renew()
    assert placements.vouches(ours)
    assert neighbour.vouches(theirs)


async def test_living_runners_outlast_ten_minutes_without_writes(
    placements: Placements,
    neighbour: Placements,
    store_bots: StoreBots,
    clock: FakeClock,
    bridge: DirectBridge,
) -> None:
    bots = store_bots(2)
    [ours], [theirs] = await placements.claim(bots), await neighbour.claim(bots)
    await refuse_writes(bridge, clock, 700, placements, neighbour)
    await placements.forget_lost_runners()
    await placements.renew()
    await neighbour.renew()
    assert placements.vouches(ours)
    assert neighbour.vouches(theirs)


async def test_living_runners_outlast_ten_minutes_without_a_database(
    placements: Placements, neighbour: Placements, clock: FakeClock, bridge: DirectBridge
) -> None:
    clock.advance(60)
    bridge.fault = away()
    with pytest.raises(OperationalError):
        await placements.renew()
    await let_time_pass(bridge, clock, 700)
    bridge.fault = None
    await placements.renew()
    await placements.forget_lost_runners()
    await neighbour.renew()


async def test_runner_that_stays_silent_is_forgotten_once_the_others_had_their_chance(
    placements: Placements, neighbour: Placements, clock: FakeClock, bridge: DirectBridge
) -> None:
    await refuse_writes(bridge, clock, 700, placements)
    clock.advance(25)
    await placements.renew()
    await placements.forget_lost_runners()
    with pytest.raises(LeaseLostError):
        await neighbour.renew()


async def test_runner_that_was_declared_dead_vouches_for_nothing(
    placements: Placements, store_bots: StoreBots, bridge: DirectBridge
) -> None:
    [lease] = await placements.claim(store_bots(1))
    await bridge.write(service.retire_runner, placements.runner.id)
    with pytest.raises(LeaseLostError):
        await placements.renew()
    assert not placements.vouches(lease)
    assert placements.list_held() == []
