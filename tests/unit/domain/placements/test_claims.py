from collections.abc import Callable
from uuid import UUID

import pytest

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.placements import queries, service
from socialcube.domain.placements.errors import LeaseLostError
from socialcube.domain.placements.types import ClaimTerms, Lease

MakeBots = Callable[[int], list[UUID]]
MakeRunner = Callable[..., UUID]

ALL = ClaimTerms(at_most=100, lease_seconds=20)
RAN_OUT = ClaimTerms(at_most=100, lease_seconds=-1)


def test_claim_gives_each_free_bot_with_its_first_epoch(
    uow: UnitOfWork, make_bots: MakeBots, make_runner: MakeRunner
) -> None:
    bots, runner = make_bots(3), make_runner()
    leases = service.claim_bots(uow, runner, bots, ALL)
    assert set(leases) == {Lease(bot, 0, 1) for bot in bots}
    assert set(queries.list_leases(uow.session, runner)) == set(leases)


def test_claim_takes_no_more_than_asked(
    uow: UnitOfWork, make_bots: MakeBots, make_runner: MakeRunner
) -> None:
    leases = service.claim_bots(uow, make_runner(), make_bots(5), ClaimTerms(at_most=2, lease_seconds=20))
    assert len(leases) == 2


def test_claim_of_nothing_takes_nothing(
    uow: UnitOfWork, make_bots: MakeBots, make_runner: MakeRunner
) -> None:
    assert service.claim_bots(uow, make_runner(), [], ALL) == []
    assert service.claim_bots(uow, make_runner(), make_bots(1), ClaimTerms(0, 20)) == []


def test_claim_leaves_the_bots_of_others(
    uow: UnitOfWork, make_bots: MakeBots, make_runner: MakeRunner
) -> None:
    bots, first, second = make_bots(3), make_runner(), make_runner()
    taken = service.claim_bots(uow, first, bots, ClaimTerms(at_most=2, lease_seconds=20))
    rest = service.claim_bots(uow, second, bots, ALL)
    assert {lease.bot_id for lease in rest} == set(bots) - {lease.bot_id for lease in taken}


def test_lease_that_ran_out_goes_to_another_runner_with_a_higher_epoch(
    uow: UnitOfWork, make_bots: MakeBots, make_runner: MakeRunner
) -> None:
    [bot], first, second = make_bots(1), make_runner(), make_runner()
    service.claim_bots(uow, first, [bot], RAN_OUT)
    assert service.claim_bots(uow, second, [bot], ALL) == [Lease(bot, 0, 2)]


def test_lease_that_ran_out_is_left_to_its_owner_while_told_so(
    uow: UnitOfWork, make_bots: MakeBots, make_runner: MakeRunner
) -> None:
    [bot], first, second = make_bots(1), make_runner(), make_runner()
    service.claim_bots(uow, first, [bot], RAN_OUT)
    careful = ClaimTerms(at_most=1, lease_seconds=20, take_expired=False)
    assert service.claim_bots(uow, second, [bot], careful) == []


def test_renew_extends_a_lease_that_ran_out_while_nobody_could_write(
    uow: UnitOfWork, make_bots: MakeBots, make_runner: MakeRunner
) -> None:
    bots, runner = make_bots(2), make_runner()
    leases = service.claim_bots(uow, runner, bots, RAN_OUT)
    assert queries.list_leases(uow.session, runner) == []
    assert service.renew(uow, runner, leases, 20) == set(leases)
    assert set(queries.list_leases(uow.session, runner)) == set(leases)


def test_renew_does_not_take_back_what_another_runner_claimed(
    uow: UnitOfWork, make_bots: MakeBots, make_runner: MakeRunner
) -> None:
    [bot], first, second = make_bots(1), make_runner(), make_runner()
    old = service.claim_bots(uow, first, [bot], RAN_OUT)
    new = service.claim_bots(uow, second, [bot], ALL)
    assert service.renew(uow, first, old, 20) == set()
    assert queries.list_leases(uow.session, second) == new


def test_renew_under_an_older_epoch_of_its_own_extends_nothing(
    uow: UnitOfWork, make_bots: MakeBots, make_runner: MakeRunner
) -> None:
    [bot], runner = make_bots(1), make_runner()
    old = service.claim_bots(uow, runner, [bot], RAN_OUT)
    service.claim_bots(uow, runner, [bot], ALL)
    assert service.renew(uow, runner, old, 20) == set()


def test_renew_frees_what_the_runner_does_not_vouch_for(
    uow: UnitOfWork, make_bots: MakeBots, make_runner: MakeRunner
) -> None:
    bots, runner, other = make_bots(3), make_runner(), make_runner()
    kept, *let_go = service.claim_bots(uow, runner, bots, ALL)
    assert service.renew(uow, runner, [kept], 20) == {kept}
    free = service.claim_bots(uow, other, bots, ALL)
    assert {lease.bot_id for lease in free} == {lease.bot_id for lease in let_go}
    assert service.renew(uow, runner, [], 20) == set()
    assert queries.list_leases(uow.session, runner) == []
    assert len(queries.list_leases(uow.session, other)) == 2


def test_renew_by_a_runner_that_was_declared_dead_is_refused(
    uow: UnitOfWork, make_runner: MakeRunner
) -> None:
    runner = make_runner()
    service.retire_runner(uow, runner)
    with pytest.raises(LeaseLostError):
        service.renew(uow, runner, [], 20)


def test_confirm_lease_accepts_the_owner_and_refuses_an_older_epoch(
    uow: UnitOfWork, make_bots: MakeBots, make_runner: MakeRunner
) -> None:
    [bot], first, second = make_bots(1), make_runner(), make_runner()
    [old] = service.claim_bots(uow, first, [bot], RAN_OUT)
    service.confirm_lease(uow, first, old)
    service.claim_bots(uow, second, [bot], ALL)
    with pytest.raises(LeaseLostError):
        service.confirm_lease(uow, first, old)


def test_released_bot_is_free_at_once(uow: UnitOfWork, make_bots: MakeBots, make_runner: MakeRunner) -> None:
    [bot], first, second = make_bots(1), make_runner(), make_runner()
    leases = service.claim_bots(uow, first, [bot], ALL)
    service.release(uow, first, leases)
    careful = ClaimTerms(at_most=1, lease_seconds=20, take_expired=False)
    assert service.claim_bots(uow, second, [bot], careful) == [Lease(bot, 0, 2)]


def test_release_of_an_older_epoch_does_not_free_the_new_owners_bot(
    uow: UnitOfWork, make_bots: MakeBots, make_runner: MakeRunner
) -> None:
    [bot], first, second = make_bots(1), make_runner(), make_runner()
    old = service.claim_bots(uow, first, [bot], RAN_OUT)
    new = service.claim_bots(uow, second, [bot], ALL)
    service.release(uow, first, old)
    assert queries.list_leases(uow.session, second) == new


def test_retired_runner_is_forgotten_and_frees_its_bots(
    uow: UnitOfWork, make_bots: MakeBots, make_runner: MakeRunner
) -> None:
    bots, runner, other = make_bots(2), make_runner(), make_runner()
    service.claim_bots(uow, runner, bots, ALL)
    assert sorted(service.retire_runner(uow, runner)) == sorted(bots)
    assert [view.id for view in queries.list_living_runners(uow.session, within=20)] == [other]
    assert len(service.claim_bots(uow, other, bots, ALL)) == 2
