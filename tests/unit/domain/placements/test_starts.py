from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import delete, insert, select, update

from socialcube.db.types import now_plus
from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.placements import queries, service
from socialcube.domain.placements.errors import LeaseLostError, StartsUsedUpError
from socialcube.domain.placements.models import SessionStart, StartSlot
from socialcube.domain.placements.types import Lease, Shard, StartTerms
from tests.fakes.clock import FakeClock

MakeBots = Callable[[int], list[UUID]]

PLENTY = StartTerms(generation=1, remaining=1000, total=1000)


@pytest.fixture
def leases(
    uow: UnitOfWork, make_bots: MakeBots, make_runner: Callable[..., UUID]
) -> Callable[[int], list[Lease]]:
    """Give a maker of the leases on all shards of one bot."""

    def make(shards: int) -> list[Lease]:
        [bot] = make_bots(1)
        wanted = {Shard(bot, number): shards for number in range(shards)}
        return service.claim_shards(uow, make_runner(), wanted, at_most=shards)

    return make


def spend(uow: UnitOfWork, bot_id: UUID, used: int, *, hours_ago: int = 0) -> None:
    """Let a bot have started so often in an hour."""
    this_hour = uow.session.scalar(select(now_plus(0)))
    assert this_hour is not None
    hour = this_hour.replace(minute=0, second=0, microsecond=0) - timedelta(hours=hours_ago)
    uow.session.execute(delete(SessionStart).where(SessionStart.bot_id == bot_id, SessionStart.hour == hour))
    uow.session.execute(insert(SessionStart).values(bot_id=bot_id, hour=hour, used=used))


def test_starts_are_counted_over_all_shards(uow: UnitOfWork, leases: Callable[[int], list[Lease]]) -> None:
    first, second = leases(2)
    assert [service.count_start(uow, lease, PLENTY) for lease in (first, second, first)] == [1, 2, 3]
    [other] = leases(1)
    assert service.count_start(uow, other, PLENTY) == 1


def test_runner_that_lost_the_shard_spends_no_start(
    uow: UnitOfWork, leases: Callable[[int], list[Lease]], make_runner: Callable[..., UUID]
) -> None:
    [old] = leases(1)
    [owner] = [view.id for view in queries.list_runners(uow.session) if view.bots]
    service.release(uow, owner, [old])
    with pytest.raises(LeaseLostError):
        service.count_start(uow, old, PLENTY)
    [new] = service.claim_shards(uow, make_runner(), {old.unit: 1}, at_most=1)
    with pytest.raises(LeaseLostError):
        service.count_start(uow, old, PLENTY)
    assert service.count_start(uow, new, PLENTY) == 1


def test_the_total_of_a_bot_is_what_its_platform_said_last(
    uow: UnitOfWork, leases: Callable[[int], list[Lease]]
) -> None:
    [first, second] = leases(2)
    spend(uow, first.bot_id, 1, hours_ago=3)
    assert queries.get_starts_total(uow.session, first.bot_id) == 1000
    service.count_start(uow, first, StartTerms(generation=1, remaining=1900, total=1500))
    service.count_start(uow, second, StartTerms(generation=1, remaining=1900, total=2000))
    budgets = queries.get_budgets(uow.session, first.bot_id)
    assert (budgets.starts_used, budgets.starts_total, budgets.starts_limit) == (3, 2000, 1900)


def test_the_last_hundred_are_left_to_people(uow: UnitOfWork, leases: Callable[[int], list[Lease]]) -> None:
    [lease] = leases(1)
    service.count_start(uow, lease, PLENTY)
    spend(uow, lease.bot_id, 899)
    assert service.count_start(uow, lease, PLENTY) == 900
    with pytest.raises(StartsUsedUpError, match="used 900 of its 1000"):
        service.count_start(uow, lease, PLENTY)
    wish = StartTerms(generation=2, remaining=1000, total=1000)
    spend(uow, lease.bot_id, 989)
    assert service.count_start(uow, lease, wish) == 990
    with pytest.raises(StartsUsedUpError):
        service.count_start(uow, lease, wish)


def test_a_bot_that_is_divided_anew_uses_none_of_those_left_to_people(
    uow: UnitOfWork, leases: Callable[[int], list[Lease]]
) -> None:
    [lease] = leases(1)
    service.count_start(uow, lease, PLENTY)
    spend(uow, lease.bot_id, 900)
    service.carry_wish_over(uow, lease.bot_id, 1, 3)
    divided = StartTerms(generation=2, remaining=1000, total=1000)
    with pytest.raises(StartsUsedUpError):
        service.count_start(uow, lease, divided)
    assert service.count_start(uow, lease, StartTerms(generation=3, remaining=1000, total=1000)) > 900


def test_a_wish_that_never_started_is_still_a_persons_when_the_bot_is_divided(
    uow: UnitOfWork, leases: Callable[[int], list[Lease]]
) -> None:
    [lease] = leases(1)
    spend(uow, lease.bot_id, 900)
    service.carry_wish_over(uow, lease.bot_id, 1, 3)
    assert service.count_start(uow, lease, StartTerms(generation=2, remaining=1000, total=1000)) == 901


def test_the_last_ten_are_left_to_nobody(uow: UnitOfWork, leases: Callable[[int], list[Lease]]) -> None:
    [lease] = leases(1)
    spend(uow, lease.bot_id, 990)
    with pytest.raises(StartsUsedUpError):
        service.count_start(uow, lease, PLENTY)


@pytest.mark.parametrize(
    ("remaining", "generation", "is_refused"),
    [(101, 1, False), (100, 1, True), (100, 2, False), (11, 2, False), (10, 2, True)],
)
def test_the_platforms_own_count_is_believed_too(
    uow: UnitOfWork,
    leases: Callable[[int], list[Lease]],
    remaining: int,
    generation: int,
    *,
    is_refused: bool,
) -> None:
    [lease] = leases(1)
    service.count_start(uow, lease, PLENTY)
    terms = StartTerms(generation, remaining, 1000)
    if not is_refused:
        assert service.count_start(uow, lease, terms) == 2
        return
    with pytest.raises(StartsUsedUpError, match=f"used {1000 - remaining} of its 1000"):
        service.count_start(uow, lease, terms)


def test_count_never_forgets_a_start_of_the_last_day(
    uow: UnitOfWork, leases: Callable[[int], list[Lease]]
) -> None:
    [lease] = leases(1)
    spend(uow, lease.bot_id, 5, hours_ago=24)
    spend(uow, lease.bot_id, 7, hours_ago=26)
    assert service.count_start(uow, lease, PLENTY) == 6


@pytest.mark.parametrize("days", [-2, 2])
def test_count_does_not_follow_a_wrong_clock_of_the_runner(
    uow: UnitOfWork, leases: Callable[[int], list[Lease]], clock: FakeClock, days: int
) -> None:
    [lease] = leases(1)
    service.count_start(uow, lease, PLENTY)
    clock.advance(days * 24 * 3600)
    assert service.count_start(uow, lease, PLENTY) == 2


def test_slots_of_one_key_are_as_far_apart_as_asked(uow: UnitOfWork) -> None:
    waits = [service.take_start_slot(uow, "bot:1:0", 5.0) for _ in range(3)]
    assert waits == pytest.approx([0, 5, 10], abs=1)
    assert service.take_start_slot(uow, "bot:2:0", 5.0) == 0


def test_turns_that_are_taken_together_are_as_far_apart_as_others(uow: UnitOfWork) -> None:
    assert service.take_start_slot(uow, "fleet", 5.0, count=4) == 0
    assert service.take_start_slot(uow, "fleet", 5.0) == pytest.approx(20, abs=1)


def test_slot_that_is_over_costs_no_wait(uow: UnitOfWork) -> None:
    service.take_start_slot(uow, "fleet", 5.0)
    uow.session.execute(update(StartSlot).values(next_at=now_plus(-60)))
    assert service.take_start_slot(uow, "fleet", 5.0) == 0
    assert service.take_start_slot(uow, "fleet", 5.0) == pytest.approx(5, abs=1)


def test_clock_that_is_set_back_lets_nobody_wait_for_an_hour(uow: UnitOfWork) -> None:
    service.take_start_slot(uow, "fleet", 5.0)
    uow.session.execute(update(StartSlot).values(next_at=now_plus(3605), taken_at=now_plus(3600)))
    assert service.take_start_slot(uow, "fleet", 5.0) == 0
    assert service.take_start_slot(uow, "fleet", 5.0) == pytest.approx(5, abs=1)


def test_queue_of_hundreds_of_shards_is_no_clock_that_was_set_back(uow: UnitOfWork) -> None:
    waits = [service.take_start_slot(uow, "bot:1:0", 5.5) for _ in range(300)]
    assert waits == pytest.approx([number * 5.5 for number in range(300)], abs=30)


def test_what_limits_nothing_any_more_is_forgotten(
    uow: UnitOfWork, leases: Callable[[int], list[Lease]]
) -> None:
    [lease] = leases(1)
    spend(uow, lease.bot_id, 5, hours_ago=49)
    service.count_start(uow, lease, PLENTY)
    service.take_start_slot(uow, "old", 5.0)
    uow.session.execute(update(StartSlot).values(next_at=now_plus(-25 * 3600)))
    service.take_start_slot(uow, "new", 5.0)
    service.forget_old_starts(uow)
    assert uow.session.scalars(select(StartSlot.key)).all() == ["new"]
    assert uow.session.scalars(select(SessionStart.used)).all() == [1]
    assert queries.count_starts(uow.session, lease.bot_id) == 1
