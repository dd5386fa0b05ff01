from collections.abc import Callable
from uuid import UUID

from sqlalchemy import update

from socialcube.db.types import now_plus
from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.placements import queries, service
from socialcube.domain.placements.models import Runner
from socialcube.domain.placements.types import Shard, Share

MakeBots = Callable[[int], list[UUID]]
MakeRunner = Callable[..., UUID]


def silence(uow: UnitOfWork, runner: UUID, seconds: float) -> None:
    """Let a runner have been seen last so many seconds ago, by the database's clock."""
    uow.session.execute(update(Runner).where(Runner.id == runner).values(seen_at=now_plus(-seconds)))


def test_living_runners_are_listed_with_the_bots_they_hold(
    uow: UnitOfWork, make_bots: MakeBots, make_runner: MakeRunner
) -> None:
    busy, idle = make_runner(), make_runner()
    service.claim_shards(uow, busy, {Shard(bot, 0): 1 for bot in make_bots(3)}, at_most=3)
    views = queries.list_living_runners(uow.session, within=20)
    assert {view.id: view.bots for view in views} == {busy: 3, idle: 0}


def test_silent_runner_does_not_live(uow: UnitOfWork, make_runner: MakeRunner) -> None:
    silent, alive = make_runner(), make_runner()
    silence(uow, silent, 21)
    assert [view.id for view in queries.list_living_runners(uow.session, within=20)] == [alive]
    assert len(queries.list_living_runners(uow.session, within=30)) == 2


def test_all_runners_are_listed_even_when_silent(uow: UnitOfWork, make_runner: MakeRunner) -> None:
    here, there = make_runner(host="here"), make_runner(host="there")
    silence(uow, here, 3600)
    assert [view.id for view in queries.list_runners(uow.session)] == [here, there]


def test_runner_calls_from_the_address_that_its_setting_names(uow: UnitOfWork) -> None:
    for address in ("", "nat-1"):
        service.register_runner(uow, host="here", pid=1, lock_path="", address=address)
    assert [view.address for view in queries.list_runners(uow.session)] == ["here", "nat-1"]


def test_share_counts_living_and_settled_runners(uow: UnitOfWork, make_runner: MakeRunner) -> None:
    old, silent = make_runner(), make_runner()
    service.register_runner(uow, host="small", pid=2, lock_path="", max_bots=3)
    uow.session.execute(update(Runner).where(Runner.id == old).values(started_at=now_plus(-60)))
    silence(uow, silent, 60)
    assert queries.get_share(uow.session, wanted=7, within=20, settled_after=20) == Share(7, (500, 3), (500,))
