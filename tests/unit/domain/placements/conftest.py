from collections.abc import Callable
from uuid import UUID

import pytest

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.placements import service
from tests.factories.bots import make_bot


@pytest.fixture
def make_bots(uow: UnitOfWork) -> Callable[[int], list[UUID]]:
    return lambda count: [make_bot(uow.session).id for _ in range(count)]


@pytest.fixture
def make_runner(uow: UnitOfWork) -> Callable[..., UUID]:
    def make(host: str = "here") -> UUID:
        return service.register_runner(uow, host=host, pid=1, lock_path="/nowhere/lock")

    return make
