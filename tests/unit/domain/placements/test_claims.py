from collections.abc import Callable, Sequence
from uuid import UUID

import pytest
from sqlalchemy import delete

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.placements import queries, service
from socialcube.domain.placements.errors import LeaseLostError
from socialcube.domain.placements.events import ShardsFreed
from socialcube.domain.placements.models import Runner
from socialcube.domain.placements.types import Lease, Shard
from tests.fakes.events import Published

MakeBots = Callable[[int], list[UUID]]
MakeRunner = Callable[..., UUID]


def claim(
    uow: UnitOfWork, runner: UUID, bots: Sequence[UUID], *, at_most: int = 100, shards: int = 1
) -> list[Lease]:
    """Claim every shard of the bots."""
    wanted = {Shard(bot, number): shards for bot in bots for number in range(shards)}
    return service.claim_shards(uow, runner, wanted, at_most=at_most)


def test_claim_gives_each_free_bot_with_its_first_epoch(
    uow: UnitOfWork, make_bots: MakeBots, make_runner: MakeRunner
) -> None:
    bots, runner = make_bots(3), make_runner()
    leases = claim(uow, runner, bots)
    assert set(leases) == {Lease(bot, 0, 1) for bot in bots}
    assert set(queries.list_leases(uow.session, runner)) == set(leases)


def test_claim_takes_no_more_than_asked(
    uow: UnitOfWork, make_bots: MakeBots, make_runner: MakeRunner
) -> None:
    assert len(claim(uow, make_runner(), make_bots(5), at_most=2)) == 2


def test_claim_of_nothing_takes_nothing(
    uow: UnitOfWork, make_bots: MakeBots, make_runner: MakeRunner
) -> None:
    assert claim(uow, make_runner(), []) == []
    assert claim(uow, make_runner(), make_bots(1), at_most=0) == []


def test_claim_of_more_than_one_statement_names_takes_them_all(
    uow: UnitOfWork, make_bots: MakeBots, make_runner: MakeRunner
) -> None:
    bots, runner = make_bots(2), make_runner()
    assert len(claim(uow, runner, bots, at_most=1300, shards=700)) == 1300
    assert len(claim(uow, runner, bots, at_most=1300, shards=700)) == 100


def test_claim_leaves_the_bots_of_others(
    uow: UnitOfWork, make_bots: MakeBots, make_runner: MakeRunner
) -> None:
    bots, first, second = make_bots(3), make_runner(), make_runner()
    taken = claim(uow, first, bots, at_most=2)
    rest = claim(uow, second, bots)
    assert {lease.bot_id for lease in rest} == set(bots) - {lease.bot_id for lease in taken}


def test_shards_of_one_bot_go_to_several_runners(
    uow: UnitOfWork, make_bots: MakeBots, make_runner: MakeRunner
) -> None:
    [bot], first, second = make_bots(1), make_runner(), make_runner()
    assert claim(uow, first, [bot], at_most=2, shards=3) == [Lease(bot, 0, 1, 3), Lease(bot, 1, 1, 3)]
    assert claim(uow, second, [bot], shards=3) == [Lease(bot, 2, 1, 3)]


def test_no_shard_is_free_while_its_bot_still_runs_in_another_number_of_shards(
    uow: UnitOfWork, make_bots: MakeBots, make_runner: MakeRunner
) -> None:
    [bot], first, second = make_bots(1), make_runner(), make_runner()
    [zero, one] = claim(uow, first, [bot], shards=2)
    service.release(uow, first, [zero])
    assert claim(uow, second, [bot], shards=4) == []
    service.release(uow, first, [one])
    assert len(claim(uow, second, [bot], shards=4)) == 4


def test_claim_by_a_runner_that_was_declared_dead_is_refused(
    uow: UnitOfWork, make_bots: MakeBots, make_runner: MakeRunner
) -> None:
    runner = make_runner()
    service.retire_runner(uow, runner)
    with pytest.raises(LeaseLostError):
        claim(uow, runner, make_bots(1))


def test_shards_of_a_runner_that_is_not_listed_any_more_are_free(
    uow: UnitOfWork, make_bots: MakeBots, make_runner: MakeRunner
) -> None:
    [bot], gone, other = make_bots(1), make_runner(), make_runner()
    claim(uow, gone, [bot], shards=2)
    uow.session.execute(delete(Runner).where(Runner.id == gone))
    assert claim(uow, other, [bot]) == [Lease(bot, 0, 2)]


def test_renew_keeps_what_the_runner_vouches_for(
    uow: UnitOfWork, make_bots: MakeBots, make_runner: MakeRunner
) -> None:
    bots, runner = make_bots(2), make_runner()
    leases = claim(uow, runner, bots)
    assert service.renew(uow, runner, leases) == set(leases)
    assert set(queries.list_leases(uow.session, runner)) == set(leases)


def test_renew_does_not_take_back_what_another_runner_claimed(
    uow: UnitOfWork, make_bots: MakeBots, make_runner: MakeRunner
) -> None:
    [bot], first, second = make_bots(1), make_runner(), make_runner()
    old = claim(uow, first, [bot])
    service.release(uow, first, old)
    new = claim(uow, second, [bot])
    assert service.renew(uow, first, old) == set()
    assert queries.list_leases(uow.session, second) == new


def test_renew_under_an_older_epoch_of_its_own_keeps_nothing(
    uow: UnitOfWork, make_bots: MakeBots, make_runner: MakeRunner
) -> None:
    [bot], runner = make_bots(1), make_runner()
    old = claim(uow, runner, [bot])
    service.release(uow, runner, old)
    claim(uow, runner, [bot])
    assert service.renew(uow, runner, old) == set()


def test_renew_frees_what_the_runner_does_not_vouch_for(
    uow: UnitOfWork, make_bots: MakeBots, make_runner: MakeRunner
) -> None:
    bots, runner, other = make_bots(3), make_runner(), make_runner()
    kept, *let_go = claim(uow, runner, bots)
    assert service.renew(uow, runner, [kept]) == {kept}
    free = claim(uow, other, bots)
    assert {lease.bot_id for lease in free} == {lease.bot_id for lease in let_go}
    assert service.renew(uow, runner, []) == set()
    assert queries.list_leases(uow.session, runner) == []
    assert len(queries.list_leases(uow.session, other)) == 2


def test_renew_by_a_runner_that_was_declared_dead_is_refused(
    uow: UnitOfWork, make_runner: MakeRunner
) -> None:
    runner = make_runner()
    service.retire_runner(uow, runner)
    with pytest.raises(LeaseLostError):
        service.renew(uow, runner, [])


def test_confirm_lease_accepts_the_owner_and_refuses_an_older_epoch(
    uow: UnitOfWork, make_bots: MakeBots, make_runner: MakeRunner
) -> None:
    [bot], first, second = make_bots(1), make_runner(), make_runner()
    [old] = claim(uow, first, [bot])
    service.confirm_lease(uow, first, old)
    service.release(uow, first, [old])
    claim(uow, second, [bot])
    with pytest.raises(LeaseLostError):
        service.confirm_lease(uow, first, old)


def test_released_bot_is_free_at_once_and_others_hear_of_it(
    uow: UnitOfWork, published: Published, make_bots: MakeBots, make_runner: MakeRunner
) -> None:
    [bot], first, second = make_bots(1), make_runner(), make_runner()
    leases = claim(uow, first, [bot])
    service.release(uow, first, leases)
    assert claim(uow, second, [bot]) == [Lease(bot, 0, 2)]
    service.retire_runner(uow, second)
    uow.commit()
    assert published.events == [ShardsFreed(), ShardsFreed()]


def test_release_of_an_older_epoch_does_not_free_the_new_owners_bot(
    uow: UnitOfWork, make_bots: MakeBots, make_runner: MakeRunner
) -> None:
    [bot], first, second = make_bots(1), make_runner(), make_runner()
    old = claim(uow, first, [bot])
    service.release(uow, first, old)
    new = claim(uow, second, [bot])
    service.release(uow, first, old)
    assert queries.list_leases(uow.session, second) == new


def test_retired_runner_is_forgotten_and_frees_its_bots(
    uow: UnitOfWork, make_bots: MakeBots, make_runner: MakeRunner
) -> None:
    bots, runner, other = make_bots(2), make_runner(), make_runner()
    claim(uow, runner, bots)
    assert sorted(service.retire_runner(uow, runner)) == sorted(Shard(bot, 0) for bot in bots)
    assert [view.id for view in queries.list_living_runners(uow.session, within=20)] == [other]
    assert len(claim(uow, other, bots)) == 2


def test_runner_that_gave_a_sign_of_life_since_is_not_retired(
    uow: UnitOfWork, make_bots: MakeBots, make_runner: MakeRunner
) -> None:
    [bot], runner = make_bots(1), make_runner()
    leases = claim(uow, runner, [bot])
    [view] = queries.list_runners(uow.session)
    assert service.retire_runner(uow, runner, seen_at=view.seen_at.replace(year=2020)) == []
    assert service.renew(uow, runner, leases) == set(leases)
    [view] = queries.list_runners(uow.session)
    assert service.retire_runner(uow, runner, seen_at=view.seen_at) == [Shard(bot, 0)]
