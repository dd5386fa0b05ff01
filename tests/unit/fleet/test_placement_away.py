"""What runners own after one of them, or the database, was away for a while."""

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
from socialcube.domain.placements.models import Runner
from socialcube.fleet.placement import Placements, RunnerIdentity
from socialcube.kernel.settings import FleetSettings
from tests.factories.placements import all_shards
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


async def pass_time(clock: FakeClock, seconds: float, *runners: Placements) -> None:
    """Let the runners look after each other and renew as they do, for so long."""
    for step in range(int(seconds)):
        clock.advance(1)
        for runner in runners:
            await runner.free_dead_runners()
            if step % 5 == 4:
                await runner.renew()


async def test_bots_of_a_runner_that_falls_silent_go_to_another_after_a_lease(
    placements: Placements, neighbour: Placements, store_bots: StoreBots, clock: FakeClock
) -> None:
    bots = store_bots(2)
    [lost] = await neighbour.claim(all_shards(bots))
    await placements.claim(all_shards(bots))
    await pass_time(clock, 20, placements)
    assert len(placements.list_held()) == 1
    assert not neighbour.vouches(lost)
    await pass_time(clock, 1, placements)
    await placements.claim(all_shards(bots))
    assert len(placements.list_held()) == 2
    with pytest.raises(LeaseLostError):
        await neighbour.renew()


async def test_runner_that_speaks_at_the_last_moment_keeps_its_bots(
    placements: Placements, neighbour: Placements, store_bots: StoreBots, clock: FakeClock
) -> None:
    [lease] = await neighbour.claim(all_shards(store_bots(1)))
    await pass_time(clock, 15, placements)
    await neighbour.renew()
    await pass_time(clock, 15, placements)
    await neighbour.renew()
    assert neighbour.vouches(lease)


async def test_claim_is_a_sign_of_life(
    placements: Placements, neighbour: Placements, store_bots: StoreBots, clock: FakeClock
) -> None:
    await pass_time(clock, 19, placements)
    [lease] = await neighbour.claim(all_shards(store_bots(1)))
    await pass_time(clock, 15, placements)
    assert neighbour.vouches(lease)
    await neighbour.renew()


@pytest.mark.parametrize("hours", [1, -1, 24 * 365])
async def test_wall_clock_that_jumps_moves_no_bot(
    placements: Placements,
    neighbour: Placements,
    store_bots: StoreBots,
    clock: FakeClock,
    bridge: DirectBridge,
    hours: int,
) -> None:
    bots = store_bots(2)
    [ours], [theirs] = await placements.claim(all_shards(bots)), await neighbour.claim(all_shards(bots))

    def jump(uow: UnitOfWork) -> None:
        # A clock that is set forward makes every row that much older.
        uow.session.execute(update(Runner).values(seen_at=now_plus(-3600 * hours)))

    for _ in range(4):
        await bridge.write(jump)
        await pass_time(clock, 10, placements, neighbour)
        for runner in (placements, neighbour):
            assert await runner.claim(all_shards(bots)) == []
    assert placements.vouches(ours)
    assert neighbour.vouches(theirs)


async def test_dead_runner_is_found_although_the_wall_clock_was_set_back(
    placements: Placements,
    neighbour: Placements,
    store_bots: StoreBots,
    clock: FakeClock,
    bridge: DirectBridge,
) -> None:
    bots = store_bots(1)
    await neighbour.claim(all_shards(bots))

    def set_back(uow: UnitOfWork) -> None:
        ahead = update(Runner).where(Runner.id == neighbour.runner.id).values(seen_at=now_plus(3600))
        uow.session.execute(ahead)

    await bridge.write(set_back)
    await pass_time(clock, 22, placements)
    assert len(await placements.claim(all_shards(bots))) == 1


async def test_runner_that_has_just_started_gives_the_others_a_lease_to_speak(
    placements: Placements, neighbour: Placements, store_bots: StoreBots, clock: FakeClock
) -> None:
    bots = store_bots(1)
    await neighbour.claim(all_shards(bots))
    clock.advance(3600)
    await pass_time(clock, 19, placements)
    assert await placements.claim(all_shards(bots)) == []
    await pass_time(clock, 2, placements)
    assert len(await placements.claim(all_shards(bots))) == 1


async def refuse_writes(bridge: DirectBridge, clock: FakeClock, seconds: int, *runners: Placements) -> None:
    """Let the database take no writes for so long, while the runners go on looking and renewing."""
    original = bridge.write

    async def refuse(*_: object, **__: object) -> None:
        raise read_only()

    bridge.write = refuse  # type: ignore[method-assign, assignment] # only writes are refused
    await pass_time(clock, seconds, *runners)
    bridge.write = original  # type: ignore[method-assign] # see above


async def test_bots_stay_when_writes_work_again_after_longer_than_a_lease(
    placements: Placements, store_bots: StoreBots, clock: FakeClock, bridge: DirectBridge
) -> None:
    leases = await placements.claim(all_shards(store_bots(2)))
    await refuse_writes(bridge, clock, 120, placements)
    await placements.renew()
    assert all(placements.vouches(lease) for lease in leases)
    assert set(await bridge.read(queries.list_leases, placements.runner.id)) == set(leases)


async def test_nobody_takes_anything_from_another_that_was_refused_too(
    placements: Placements,
    neighbour: Placements,
    store_bots: StoreBots,
    clock: FakeClock,
    bridge: DirectBridge,
) -> None:
    bots = store_bots(2)
    [ours], [theirs] = await placements.claim(all_shards(bots)), await neighbour.claim(all_shards(bots))
    await refuse_writes(bridge, clock, 700, placements, neighbour)
    await pass_time(clock, 4, placements, neighbour)
    await placements.renew()
    assert await placements.claim(all_shards(bots)) == []
    await neighbour.renew()
    assert placements.vouches(ours)
    assert neighbour.vouches(theirs)


def refuse_writes_of(runner: Placements, monkeypatch: pytest.MonkeyPatch) -> None:
    """Let one runner's renewals be refused, while the others write."""
    original = runner._bridge.write

    async def write(work: Callable[..., object], *args: object, **kwargs: object) -> object:
        if work is service.renew and args[0] == runner.runner.id:
            raise read_only()
        found: object = await original(work, *args, **kwargs)
        return found

    monkeypatch.setattr(runner._bridge, "write", write)


async def test_runner_that_alone_is_refused_stops_vouching_before_another_takes_its_bots(
    placements: Placements,
    neighbour: Placements,
    store_bots: StoreBots,
    clock: FakeClock,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    bots = store_bots(2)
    [theirs] = await neighbour.claim(all_shards(bots))
    await placements.claim(all_shards(bots))
    refuse_writes_of(neighbour, monkeypatch)
    for _ in range(8):
        for _ in range(5):
            await pass_time(clock, 1, placements)
            for lease in await placements.claim(all_shards(bots)):
                assert lease.bot_id == theirs.bot_id
                assert not neighbour.vouches(theirs)
        await placements.renew()
        await neighbour.renew()
    assert len(placements.list_held()) == 2
    assert neighbour.list_held() == []


async def test_runner_that_is_refused_drops_what_it_is_not_listed_with(
    placements: Placements, store_bots: StoreBots, bridge: DirectBridge, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, lost = await placements.claim(all_shards(store_bots(2)))
    await bridge.write(service.release, placements.runner.id, [lost])
    refuse_writes_of(placements, monkeypatch)
    await placements.renew()
    assert placements.list_held() == [kept]
    await bridge.write(service.retire_runner, placements.runner.id)
    await placements.renew()
    assert placements.list_held() == []


async def test_runner_that_is_refused_and_cannot_read_stands_until_its_margin(
    placements: Placements,
    store_bots: StoreBots,
    clock: FakeClock,
    bridge: DirectBridge,
) -> None:
    [lease] = await placements.claim(all_shards(store_bots(1)))
    bridge.fault = read_only()
    for _ in range(3):
        clock.advance(5)
        with pytest.raises(OperationalError):
            await placements.renew()
    assert placements.vouches(lease)
    clock.advance(1)
    assert not placements.vouches(lease)


async def test_runner_that_was_refused_waits_until_nobody_else_can_still_vouch(
    placements: Placements,
    neighbour: Placements,
    store_bots: StoreBots,
    clock: FakeClock,
    bridge: DirectBridge,
) -> None:
    [theirs] = await neighbour.claim(all_shards(store_bots(1)))
    await refuse_writes(bridge, clock, 58, placements, neighbour)
    # Its renewal was refused last of all, and now it is cut off. It may still speak for 16 seconds.
    for _ in range(16):
        assert await placements.free_dead_runners() == []
        clock.advance(1)
    assert not neighbour.vouches(theirs)
    await pass_time(clock, 10, placements)
    assert neighbour.runner.id not in {view.id for view in await bridge.read(queries.list_runners)}


async def test_living_runners_outlast_ten_minutes_without_a_database(
    placements: Placements, neighbour: Placements, clock: FakeClock, bridge: DirectBridge
) -> None:
    await pass_time(clock, 10, placements, neighbour)
    bridge.fault = away()
    with pytest.raises(OperationalError):
        await placements.renew()
    with pytest.raises(OperationalError):
        await placements.free_dead_runners()
    clock.advance(600)
    bridge.fault = None
    await pass_time(clock, 60, placements, neighbour)
    await neighbour.renew()


async def test_sign_of_life_between_the_look_and_the_verdict_counts(
    placements: Placements,
    neighbour: Placements,
    store_bots: StoreBots,
    clock: FakeClock,
    bridge: DirectBridge,
) -> None:
    await neighbour.claim(all_shards(store_bots(1)))
    await pass_time(clock, 20, placements)
    original = bridge.read

    async def read_then_hear(*args: object, **kwargs: object) -> object:
        found: object = await original(*args, **kwargs)  # type: ignore[arg-type] # handed on as it came
        await neighbour.renew()
        return found

    bridge.read = read_then_hear  # type: ignore[method-assign, assignment] # the moment between two steps
    clock.advance(1)
    assert await placements.free_dead_runners() == []
    bridge.read = original  # type: ignore[method-assign] # see above
    await neighbour.renew()


async def test_runner_that_was_declared_dead_vouches_for_nothing(
    placements: Placements, store_bots: StoreBots, bridge: DirectBridge
) -> None:
    [lease] = await placements.claim(all_shards(store_bots(1)))
    await bridge.write(service.retire_runner, placements.runner.id)
    with pytest.raises(LeaseLostError):
        await placements.renew()
    assert not placements.vouches(lease)
    assert placements.list_held() == []
