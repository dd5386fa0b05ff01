from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from typing import TypeVar
from uuid import UUID

import pytest

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor
from tests.factories.access import make_owner
from tests.factories.bots import make_bot
from tests.support.databases import Database

Value = TypeVar("Value")
Result = TypeVar("Result")


@pytest.fixture
def owner() -> Actor:
    return make_owner()


@pytest.fixture
def uow(database: Database) -> Iterator[UnitOfWork]:
    with database.unit() as uow:
        yield uow


@pytest.fixture
def bot_id(database: Database) -> UUID:
    with database.unit() as uow:
        bot_id = make_bot(uow.session).id
        uow.commit()
        return bot_id


class Race:
    """Lets several units of work begin at one moment, each on a connection of its own."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def __call__(
        self, values: Sequence[Value], act: Callable[[UnitOfWork, Value], Result]
    ) -> list[Result | Exception]:
        """Act with each value and commit, all at once. Gives what each returned or raised."""
        start = Barrier(len(values))

        def run(value: Value) -> Result | Exception:
            start.wait()
            try:
                with self._database.unit() as uow:
                    result = act(uow, value)
                    uow.commit()
            except Exception as error:  # noqa: BLE001 - the test looks at what was raised
                return error
            return result

        with ThreadPoolExecutor(len(values)) as pool:
            return list(pool.map(run, values))


@pytest.fixture
def race(database: Database) -> Race:
    return Race(database)
