from collections.abc import Callable
from uuid import UUID

from sqlalchemy import update

from socialcube.db.types import now_plus
from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.placements import queries, service
from socialcube.domain.placements.models import Runner
from socialcube.domain.placements.types import ClaimTerms, Share

MakeBots = Callable[[int], list[UUID]]
MakeRunner = Callable[..., UUID]


def silence(uow: UnitOfWork, runner: UUID, seconds: float) -> None:
    """Let a runner have been seen last so many seconds ago, by the database's clock."""
    uow.session.execute(update(Runner).where(Runner.id == runner).values(seen_at=now_plus(-seconds)))


def test_living_runners_are_listed_with_the_bots_they_hold(
    uow: UnitOfWork, make_bots: MakeBots, make_runner: MakeRunner
) -> None:
    busy, idle = make_runner(), make_runner()
    service.claim_bots(uow, busy, make_bots(3), ClaimTerms(at_most=3, lease_seconds=20))
    views = queries.list_living_runners(uow.session, within=20)
    assert {view.id: view.bots for view in views} == {busy: 3, idle: 0}


def test_silent_runner_does_not_live(uow: UnitOfWork, make_runner: MakeRunner) -> None:
    silent, alive = make_runner(), make_runner()
    silence(uow, silent, 21)
    assert [view.id for view in queries.list_living_runners(uow.session, within=20)] == [alive]
    assert len(queries.list_living_runners(uow.session, within=30)) == 2


def test_runners_of_a_machine_are_listed_even_when_silent(uow: UnitOfWork, make_runner: MakeRunner) -> None:
    here = make_runner(host="here")
    make_runner(host="there")
    silence(uow, here, 3600)
    assert [view.id for view in queries.list_runners_on(uow.session, "here")] == [here]


def test_share_counts_living_and_settled_runners(uow: UnitOfWork, make_runner: MakeRunner) -> None:
    old, silent = make_runner(), make_runner()
    make_runner()
    uow.session.execute(update(Runner).where(Runner.id == old).values(started_at=now_plus(-60)))
    silence(uow, silent, 60)
    assert queries.get_share(uow.session, wanted=7, within=20, settled_after=20) == Share(7, 2, 1)


def test_other_runners_silent_for_long_are_forgotten(uow: UnitOfWork, make_runner: MakeRunner) -> None:
    lost, alive, own = make_runner(), make_runner(), make_runner()
    silence(uow, lost, 3600)
    silence(uow, own, 3600)
    service.forget_lost_runners(uow, own, after_seconds=600)
    assert {view.id for view in queries.list_living_runners(uow.session, within=10_000)} == {alive, own}
