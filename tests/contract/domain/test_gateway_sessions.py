"""What a runner leaves of its gateway sessions, on both databases."""

from collections.abc import Callable
from dataclasses import replace
from uuid import UUID

import pytest
from sqlalchemy import select, update

from socialcube.db.types import now_plus
from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.placements import queries, service
from socialcube.domain.placements.models import GatewaySession
from socialcube.domain.placements.types import HeldSession, Lease, ResumableSession, SessionTerms, Shard
from tests.factories.bots import make_bot

MakeBots = Callable[[int], list[UUID]]
MakeRunner = Callable[..., UUID]

TERMS = SessionTerms(generation=1, shard_count=1, intents=1)
LEFT = ResumableSession("abc", 7, "wss://resume.test", 5001)


@pytest.fixture
def make_bots(uow: UnitOfWork) -> MakeBots:
    return lambda count: [make_bot(uow.session).id for _ in range(count)]


@pytest.fixture
def make_runner(uow: UnitOfWork) -> MakeRunner:
    return lambda: service.register_runner(uow, host="here", pid=1, lock_path="/nowhere/lock")


@pytest.fixture
def runner(make_runner: MakeRunner) -> UUID:
    return make_runner()


@pytest.fixture
def lease(uow: UnitOfWork, make_bots: MakeBots, runner: UUID) -> Lease:
    return claim(uow, runner, make_bots(1)[0])


def claim(uow: UnitOfWork, runner: UUID, bot_id: UUID) -> Lease:
    [lease] = service.claim_shards(uow, runner, {Shard(bot_id, 0): 1}, at_most=1)
    return lease


def held(lease: Lease, session: ResumableSession = LEFT) -> HeldSession:
    return HeldSession(lease, session, TERMS)


def find(uow: UnitOfWork, lease: Lease, **changes: int) -> ResumableSession | None:
    return queries.list_sessions(uow.session, {lease.unit: replace(TERMS, **changes)}).get(lease.unit)


def test_session_is_found_by_whoever_wants_the_same_of_it(
    uow: UnitOfWork, lease: Lease, runner: UUID
) -> None:
    assert find(uow, lease) is None
    service.save_sessions(uow, runner, [held(lease)])
    assert find(uow, lease) == LEFT


@pytest.mark.parametrize("changes", [{"shard_count": 2}, {"intents": 513}, {"generation": 2}])
def test_session_that_began_otherwise_is_of_no_use(
    uow: UnitOfWork, lease: Lease, runner: UUID, changes: dict[str, int]
) -> None:
    service.save_sessions(uow, runner, [held(lease)])
    assert find(uow, lease, **changes) is None


def test_session_of_long_ago_is_of_no_use(uow: UnitOfWork, lease: Lease, runner: UUID) -> None:
    service.save_sessions(uow, runner, [held(lease)])
    uow.session.execute(update(GatewaySession).values(saved_at=now_plus(-601)))
    assert find(uow, lease) is None
    service.save_sessions(uow, runner, [held(lease)])
    assert find(uow, lease) == LEFT


def test_newer_sight_takes_the_place_of_the_older_one(uow: UnitOfWork, lease: Lease, runner: UUID) -> None:
    newer = replace(LEFT, sequence=9)
    service.save_sessions(uow, runner, [held(lease)])
    service.save_sessions(uow, runner, [held(lease, newer)])
    assert find(uow, lease) == newer


def test_sessions_of_many_bots_are_stored_at_once(uow: UnitOfWork, make_bots: MakeBots, runner: UUID) -> None:
    leases = [claim(uow, runner, bot_id) for bot_id in make_bots(3)]
    sessions = [replace(LEFT, id=str(number)) for number in range(3)]
    service.save_sessions(uow, runner, map(held, leases, sessions))
    assert [find(uow, lease) for lease in leases] == sessions


def test_runner_that_lost_the_bot_overwrites_nothing(
    uow: UnitOfWork, lease: Lease, runner: UUID, make_runner: MakeRunner
) -> None:
    service.retire_runner(uow, runner)
    successor = make_runner()
    newer = claim(uow, successor, lease.bot_id)
    begun = replace(LEFT, id="begun anew")
    service.save_sessions(uow, successor, [held(newer, begun)])
    service.save_sessions(uow, runner, [held(lease)])
    service.forget_session(uow, lease)
    assert find(uow, newer) == begun


def test_session_that_was_ended_is_forgotten(
    uow: UnitOfWork, lease: Lease, runner: UUID, make_bots: MakeBots
) -> None:
    neighbour = claim(uow, runner, make_bots(1)[0])
    service.save_sessions(uow, runner, [held(lease), held(neighbour)])
    service.forget_session(uow, lease)
    assert find(uow, lease) is None
    assert find(uow, neighbour) == LEFT


def test_no_sessions_are_no_work(uow: UnitOfWork, runner: UUID) -> None:
    service.save_sessions(uow, runner, [])
    assert uow.session.scalars(select(GatewaySession)).all() == []
