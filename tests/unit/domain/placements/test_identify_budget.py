from collections.abc import Callable
from uuid import UUID

import pytest
from sqlalchemy import update

from socialcube.db.types import now_plus
from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.placements import service
from socialcube.domain.placements.errors import StartsUsedUpError
from socialcube.domain.placements.models import IdentifyBudget
from tests.fakes.clock import FakeClock

MakeBots = Callable[[int], list[UUID]]


def test_starts_are_counted_until_the_limit_refuses(uow: UnitOfWork, make_bots: MakeBots) -> None:
    [bot] = make_bots(1)
    assert [service.count_identify(uow, bot, limit=3) for _ in range(3)] == [1, 2, 3]
    with pytest.raises(StartsUsedUpError, match="used 3 of its 3 session starts"):
        service.count_identify(uow, bot, limit=3)


def test_bots_have_budgets_of_their_own(uow: UnitOfWork, make_bots: MakeBots) -> None:
    first, second = make_bots(2)
    service.count_identify(uow, first)
    assert service.count_identify(uow, second) == 1


def test_budget_begins_anew_a_day_after_its_first_start(uow: UnitOfWork, make_bots: MakeBots) -> None:
    [bot] = make_bots(1)
    service.count_identify(uow, bot, limit=1)
    begin(uow, bot, 24 * 3600 - 60)
    with pytest.raises(StartsUsedUpError):
        service.count_identify(uow, bot, limit=1)
    begin(uow, bot, 24 * 3600)
    assert service.count_identify(uow, bot, limit=1) == 1
    with pytest.raises(StartsUsedUpError):
        service.count_identify(uow, bot, limit=1)


@pytest.mark.parametrize("days", [-2, 2])
def test_budget_does_not_follow_a_wrong_clock_of_the_runner(
    uow: UnitOfWork, make_bots: MakeBots, clock: FakeClock, days: int
) -> None:
    [bot] = make_bots(1)
    service.count_identify(uow, bot, limit=2)
    clock.advance(days * 24 * 3600)
    assert service.count_identify(uow, bot, limit=2) == 2


def begin(uow: UnitOfWork, bot: UUID, seconds: float) -> None:
    """Let a bot's window have begun so many seconds ago, by the database's clock."""
    uow.session.execute(
        update(IdentifyBudget)
        .where(IdentifyBudget.bot_id == bot)
        .values(window_started_at=now_plus(-seconds))
        .execution_options(synchronize_session=False)
    )
