from collections.abc import Callable
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import OperationalError

from socialcube.domain.placements import queries, service
from socialcube.domain.placements.errors import LeaseLostError
from socialcube.domain.placements.types import Lease, Shard
from socialcube.fleet.lock_files import LockFile
from socialcube.fleet.placement import Placements, RunnerIdentity, is_read_only
from socialcube.kernel.settings import FleetSettings
from tests.factories.placements import all_shards
from tests.fakes.bridge import DirectBridge, away, read_only
from tests.fakes.clock import FakeClock

StoreBots = Callable[[int], list[UUID]]


@pytest.fixture
def placements(
    bridge: DirectBridge, runner_id: UUID, settings: FleetSettings, clock: FakeClock
) -> Placements:
    return Placements(bridge, RunnerIdentity(runner_id, "here", Path("/nowhere/one.lock")), settings, clock)


async def in_database(bridge: DirectBridge, runner_id: UUID) -> set[Lease]:
    return set(await bridge.read(queries.list_leases, runner_id))


async def test_claimed_bot_is_vouched_for_until_a_fifth_before_the_lease_ends(
    placements: Placements, store_bots: StoreBots, clock: FakeClock
) -> None:
    [lease] = await placements.claim(all_shards(store_bots(1)))
    assert placements.vouches(lease)
    clock.advance(15.9)
    assert placements.vouches(lease)
    clock.advance(0.1)
    assert not placements.vouches(lease)


async def test_renewal_counts_from_before_it_was_asked_for(
    placements: Placements, store_bots: StoreBots, clock: FakeClock
) -> None:
    [lease] = await placements.claim(all_shards(store_bots(1)))
    clock.advance(10)
    await placements.renew()
    clock.advance(15.9)
    assert placements.vouches(lease)
    clock.advance(0.1)
    assert not placements.vouches(lease)


async def test_lease_stands_while_the_database_is_away_but_only_until_its_margin(
    placements: Placements, store_bots: StoreBots, clock: FakeClock, bridge: DirectBridge
) -> None:
    [lease] = await placements.claim(all_shards(store_bots(1)))
    bridge.fault = away()
    clock.advance(10)
    with pytest.raises(OperationalError):
        await placements.renew()
    assert placements.vouches(lease)
    clock.advance(6)
    assert not placements.vouches(lease)
    assert placements.list_held() == []


async def test_lease_stands_as_long_as_the_database_answers_that_nobody_can_write(
    placements: Placements,
    store_bots: StoreBots,
    clock: FakeClock,
    bridge: DirectBridge,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    [lease] = await placements.claim(all_shards(store_bots(1)))

    async def refuse(*_: object, **__: object) -> None:
        raise read_only()

    monkeypatch.setattr(bridge, "write", refuse)
    for _ in range(20):
        clock.advance(5)
        await placements.renew()
    assert placements.vouches(lease)


async def test_lease_that_another_runner_took_is_dropped_at_the_renewal(
    placements: Placements, store_bots: StoreBots, bridge: DirectBridge
) -> None:
    [lease] = await placements.claim(all_shards(store_bots(1)))
    await bridge.write(service.release, placements.runner.id, [lease])
    await placements.renew()
    assert not placements.vouches(lease)
    assert placements.list_held() == []


async def test_lease_that_was_let_go_here_is_given_back_in_the_database(
    placements: Placements, store_bots: StoreBots, clock: FakeClock, bridge: DirectBridge
) -> None:
    [lease] = await placements.claim(all_shards(store_bots(1)))
    clock.advance(16)
    assert placements.list_held() == []
    assert await in_database(bridge, placements.runner.id) == {lease}
    await placements.renew()
    assert await in_database(bridge, placements.runner.id) == set()
    [fresh] = await placements.claim(all_shards([lease.bot_id]))
    assert fresh.epoch == lease.epoch + 1


async def test_vouching_is_for_the_very_lease(placements: Placements, store_bots: StoreBots) -> None:
    [lease] = await placements.claim(all_shards(store_bots(1)))
    assert not placements.vouches(Lease(lease.bot_id, 0, lease.epoch - 1))


async def test_shards_of_one_bot_are_vouched_for_one_by_one(
    placements: Placements, store_bots: StoreBots
) -> None:
    leases = await placements.claim(all_shards(store_bots(1), count=3))
    await placements.release(leases[:1])
    assert [placements.vouches(lease) for lease in leases] == [False, True, True]
    assert placements.list_held() == leases[1:]


async def test_two_runners_claim_half_each(
    placements: Placements, store_bots: StoreBots, bridge: DirectBridge
) -> None:
    bots = store_bots(5)
    await bridge.write(service.register_runner, host="there", pid=2, lock_path="")
    assert len(await placements.claim(all_shards(bots))) == 3
    assert await placements.claim(all_shards(bots)) == []


async def test_bot_is_given_up_only_to_a_runner_that_has_settled(
    placements: Placements, store_bots: StoreBots, bridge: DirectBridge, engine: Engine
) -> None:
    bots = store_bots(4)
    await placements.claim(all_shards(bots))
    await bridge.write(service.register_runner, host="there", pid=2, lock_path="")
    assert await placements.list_surplus(all_shards(bots)) == []
    with engine.begin() as connection:
        connection.execute(text("UPDATE runners SET started_at = '2020-01-01 00:00:00.000000'"))
    assert len(await placements.list_surplus(all_shards(bots))) == 2


async def test_released_bot_is_not_vouched_for_even_when_the_database_is_away(
    placements: Placements, store_bots: StoreBots, bridge: DirectBridge
) -> None:
    [lease] = await placements.claim(all_shards(store_bots(1)))
    bridge.fault = away()
    with pytest.raises(OperationalError):
        await placements.release([lease])
    assert not placements.vouches(lease)


async def test_retired_runner_owns_nothing_and_is_declared_dead(
    placements: Placements, store_bots: StoreBots, bridge: DirectBridge
) -> None:
    [lease] = await placements.claim(all_shards(store_bots(1)))
    await placements.retire()
    assert not placements.vouches(lease)
    assert await bridge.read(queries.list_living_runners, within=20) == []
    with pytest.raises(LeaseLostError):
        await placements.renew()


async def test_bots_of_a_dead_neighbour_are_freed_and_those_of_a_living_one_are_not(
    placements: Placements, store_bots: StoreBots, bridge: DirectBridge, tmp_path: Path
) -> None:
    [dead_bot, living_bot] = store_bots(2)
    dead, living = LockFile(tmp_path, "dead"), LockFile(tmp_path, "living")
    for lock, bot in ((dead, dead_bot), (living, living_bot)):
        runner = await bridge.write(service.register_runner, host="here", pid=2, lock_path=str(lock.path))
        await bridge.write(service.claim_shards, runner, all_shards([bot]), at_most=1)
    dead.release()
    dead.path.touch()
    assert await placements.free_dead_runners() == [Shard(dead_bot, 0)]
    assert not dead.path.exists()
    assert len(await bridge.read(queries.list_living_runners, within=20)) == 2
    living.release()


async def test_runner_that_learns_by_a_claim_that_it_was_declared_dead_vouches_for_nothing(
    placements: Placements, store_bots: StoreBots, bridge: DirectBridge
) -> None:
    [lease] = await placements.claim(all_shards(store_bots(1)))
    await bridge.write(service.retire_runner, placements.runner.id)
    with pytest.raises(LeaseLostError):
        await placements.claim(all_shards(store_bots(1)))
    assert not placements.vouches(lease)


async def test_what_another_runner_gives_back_is_noticed_without_a_hint(
    placements: Placements, store_bots: StoreBots, bridge: DirectBridge
) -> None:
    other = await bridge.write(service.register_runner, host="there", pid=2, lock_path="")
    assert not await placements.look_at_others()
    leases = await bridge.write(service.claim_shards, other, all_shards(store_bots(2)), at_most=2)
    assert not await placements.look_at_others()
    await bridge.write(service.release, other, leases[:1])
    assert await placements.look_at_others()
    assert not await placements.look_at_others()
    await bridge.write(service.retire_runner, other)
    assert await placements.look_at_others()
    assert not await placements.look_at_others()


@pytest.mark.parametrize(
    ("words", "state", "expected"),
    [
        ("attempt to write a readonly database", None, True),
        ("database or disk is full", None, True),
        ("anything", "25006", True),
        ("anything", "53100", True),
        ("database is locked", None, False),
        ("server closed the connection unexpectedly", "57P01", False),
    ],
)
def test_only_a_database_that_answers_no_writes_is_read_only(
    words: str, state: str | None, *, expected: bool
) -> None:
    class RefusalError(Exception):
        pgcode = state

    assert is_read_only(OperationalError("UPDATE", {}, RefusalError(words))) is expected
