from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.placements import service
from socialcube.domain.placements.errors import StartsUsedUpError

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
    with time_machine.travel("2031-05-04T10:00:00Z", tick=False) as moment:
        service.count_identify(uow, bot, limit=1)
        moment.shift(timedelta(hours=23, minutes=59))
        with pytest.raises(StartsUsedUpError):
            service.count_identify(uow, bot, limit=1)
        moment.shift(timedelta(minutes=1))
        assert service.count_identify(uow, bot, limit=1) == 1
