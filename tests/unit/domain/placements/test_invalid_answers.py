from collections.abc import Callable
from uuid import UUID

from sqlalchemy import func, select, update

from socialcube.db.types import now_plus
from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.placements import queries, service
from socialcube.domain.placements.models import InvalidAnswer
from socialcube.domain.placements.types import BotBudgets, Shard, StartTerms

MakeBots = Callable[[int], list[UUID]]


def age(uow: UnitOfWork, seconds: float) -> None:
    """Let everything be so old."""
    uow.session.execute(update(InvalidAnswer).values(minute=now_plus(-seconds)))


def test_answers_of_all_runners_behind_an_address_are_added_up(uow: UnitOfWork, make_bots: MakeBots) -> None:
    first, second = make_bots(2)
    service.report_invalid_answers(uow, "nat-1", {first: 2})
    service.report_invalid_answers(uow, "nat-2", {first: 100})
    assert service.report_invalid_answers(uow, "nat-1", {first: 3, second: 1}) == {first: 5, second: 1}
    assert service.report_invalid_answers(uow, "nat-1", {}) == {first: 5, second: 1}


def test_answers_count_for_ten_minutes(uow: UnitOfWork, make_bots: MakeBots) -> None:
    [bot] = make_bots(1)
    service.report_invalid_answers(uow, "nat-1", {bot: 2})
    age(uow, 590)
    assert queries.count_invalid_answers(uow.session, "nat-1") == {bot: 2}
    age(uow, 720)
    assert queries.count_invalid_answers(uow.session, "nat-1") == {}


def test_old_answers_are_forgotten(uow: UnitOfWork, make_bots: MakeBots) -> None:
    [bot] = make_bots(1)
    service.report_invalid_answers(uow, "nat-1", {bot: 2})
    age(uow, 3700)
    service.report_invalid_answers(uow, "nat-1", {bot: 1})
    service.forget_old_invalid_answers(uow)
    assert uow.session.scalar(select(func.sum(InvalidAnswer.count))) == 1


def test_budgets_tell_what_a_bot_and_its_address_spent(uow: UnitOfWork, make_bots: MakeBots) -> None:
    bot, neighbour = make_bots(2)
    runner = service.register_runner(uow, host="here", pid=1, lock_path="", address="nat-1")
    [lease] = service.claim_shards(uow, runner, {Shard(bot, 0): 1}, at_most=1)
    service.count_start(uow, lease, StartTerms(1, 1000, 1000))
    service.report_invalid_answers(uow, "nat-1", {bot: 3, neighbour: 4})
    assert queries.get_budgets(uow.session, bot) == BotBudgets(1, 1000, 900, 3, 7, 5000, "nat-1")


def test_bot_that_nobody_runs_spends_nothing(uow: UnitOfWork, make_bots: MakeBots) -> None:
    [bot] = make_bots(1)
    assert queries.get_budgets(uow.session, bot) == BotBudgets(0, 1000, 900, 0, 0, 5000, "")
