from collections.abc import Iterator

import pytest

from socialcube.db.unit_of_work import UnitOfWork
from tests.contract.domain.conftest import Race
from tests.fakes.clock import FakeClock
from tests.fakes.events import Published
from tests.support.databases import Database


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def published() -> Published:
    return Published()


@pytest.fixture
def uow(database: Database, published: Published, clock: FakeClock) -> Iterator[UnitOfWork]:
    with database.unit(published, clock) as uow:
        yield uow


@pytest.fixture
def race(database: Database) -> Race:
    return Race(database)
