"""Ownership and budgets with several runners at once, on both databases."""

from collections import Counter
from uuid import UUID

import pytest

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.bots import queries as bots
from socialcube.domain.bots import service as bot_service
from socialcube.domain.bots.types import DesiredState, GatewayState
from socialcube.domain.placements import queries, service
from socialcube.domain.placements.errors import LeaseLostError, StartsUsedUpError
from socialcube.domain.placements.types import Lease, Shard, StartTerms
from tests.contract.domain.conftest import Race
from tests.factories.bots import make_bot, make_observation
from tests.factories.placements import all_shards
from tests.support.databases import Database

RUNNERS = 4
PLENTY = StartTerms(generation=1, remaining=1000, total=1000)


@pytest.fixture
def runners(database: Database) -> list[UUID]:
    with database.unit() as uow:
        ids = [
            service.register_runner(uow, host=f"host {number}", pid=1, lock_path="")
            for number in range(RUNNERS)
        ]
        uow.commit()
        return ids


@pytest.fixture
def sharded(database: Database) -> UUID:
    """Store a bot that runs in as many parts as there are runners."""
    with database.unit() as uow:
        bot = make_bot(uow.session, desired_state=DesiredState.RUNNING, shard_count=RUNNERS)
        uow.commit()
        return bot.id


def own(database: Database, runner: UUID, wanted: dict[Shard, int]) -> list[Lease]:
    with database.unit() as uow:
        leases = service.claim_shards(uow, runner, wanted, at_most=len(wanted))
        uow.commit()
        return leases


def test_shards_claimed_by_all_at_once_have_one_owner_each(
    race: Race, runners: list[UUID], sharded: UUID, bot_id: UUID
) -> None:
    wanted = all_shards([bot_id]) | all_shards([sharded], count=RUNNERS)

    def claim(uow: UnitOfWork, runner: UUID) -> list[Lease]:
        return service.claim_shards(uow, runner, wanted, at_most=2)

    claimed = race(runners, claim)
    leases = [lease for taken in claimed if isinstance(taken, list) for lease in taken]
    assert {type(taken) for taken in claimed} == {list}
    assert max(Counter(lease.unit for lease in leases).values()) == 1
    assert all(len(taken) <= 2 for taken in claimed if isinstance(taken, list))


def test_a_runner_is_either_retired_or_renewed(
    race: Race, database: Database, runners: list[UUID], sharded: UUID
) -> None:
    silent, *others = runners
    leases = own(database, silent, all_shards([sharded], count=RUNNERS))
    with database.reads() as session:
        seen_at = next(view.seen_at for view in queries.list_runners(session) if view.id == silent)

    def act(uow: UnitOfWork, runner: UUID) -> object:
        if runner == silent:
            return service.renew(uow, silent, leases)
        return service.retire_runner(uow, silent, seen_at=seen_at)

    renewed, *retired = race([silent, *others], act)
    freed = [shards for shards in retired if shards]
    if isinstance(renewed, LeaseLostError):
        assert [len(shards) for shards in freed if isinstance(shards, list)] == [RUNNERS]
    else:
        assert (renewed, freed) == (set(leases), [])


def test_starts_at_one_moment_get_turns_one_after_the_other(race: Race, bot_id: UUID) -> None:
    key = f"bot:{bot_id}:0"
    waits = race(range(5), lambda uow, _: service.take_start_slot(uow, key, 60.0))
    assert sorted(wait for wait in waits if isinstance(wait, float)) == pytest.approx(
        [0, 60, 120, 180, 240], abs=20
    )


def test_last_starts_of_a_day_are_given_out_once(
    race: Race, database: Database, runners: list[UUID], sharded: UUID
) -> None:
    leases = own(database, runners[0], all_shards([sharded], count=RUNNERS))
    terms = StartTerms(generation=1, remaining=1000, total=30)
    with database.unit() as uow:
        for _ in range(25):
            service.count_start(uow, leases[0], terms)
        for lease in leases:
            service.count_start(uow, lease, StartTerms(1, 1000, 1000))
        uow.commit()
    results = race(leases, lambda uow, lease: service.count_start(uow, lease, PLENTY))
    assert sorted(count for count in results if isinstance(count, int)) == [30, 31, 32, 33]
    results = race(leases, lambda uow, lease: service.count_start(uow, lease, terms))
    assert {type(result) for result in results} == {StartsUsedUpError}
    with database.reads() as session:
        assert queries.count_starts(session, sharded) == 33


def test_refused_calls_told_at_once_are_all_counted(race: Race, database: Database, bot_id: UUID) -> None:
    race(range(5), lambda uow, _: service.report_invalid_answers(uow, "nat-1", {bot_id: 3}))
    with database.reads() as session:
        assert queries.count_invalid_answers(session, "nat-1") == {bot_id: 15}


def test_state_of_a_bot_is_made_of_all_its_parts_whoever_writes_last(
    race: Race, database: Database, sharded: UUID
) -> None:
    def observe(uow: UnitOfWork, number: int) -> bool:
        seen = make_observation(bot_id=sharded, shard=number, shard_count=RUNNERS, guild_count=10)
        return bot_service.observe(uow, seen)

    assert race(range(RUNNERS), observe) == [True] * RUNNERS
    with database.reads() as session:
        state = bots.get_bot(session, sharded).state
    assert (state.gateway, state.guild_count) == (GatewayState.CONNECTED, 10 * RUNNERS)


def test_latencies_written_at_once_are_all_counted(race: Race, database: Database, bot_id: UUID) -> None:
    race(range(1, 6), lambda uow, step: bot_service.sample_latency(uow, [(bot_id, step * 10.0)]))
    with database.unit() as uow:
        [sample] = bots.list_latency(uow.session, bot_id, uow.clock.now().replace(hour=0))
    assert (sample.worst_ms, sample.mean_ms, sample.count) == (50.0, 30.0, 5)


def test_parts_that_notice_another_number_of_parts_at_once_change_it_once(
    race: Race, database: Database, sharded: UUID
) -> None:
    results = race(range(RUNNERS), lambda uow, _: bot_service.set_shard_count(uow, sharded, 1, 8))
    assert sorted(map(bool, results)) == [False] * (RUNNERS - 1) + [True]
    with database.reads() as session:
        [wanted] = bots.list_wanted(session)
    assert (wanted.generation, wanted.shard_count) == (2, 8)
