from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine, insert

from socialcube.db.base import Base
from socialcube.db.session import create_engine, write_sessions
from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain import tables
from socialcube.domain.placements import service
from socialcube.kernel.clock import SystemClock
from socialcube.kernel.ids import new_id
from socialcube.kernel.secrets import Secret


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = create_engine(Secret(f"sqlite:///{tmp_path}/test.db"))
    assert tables
    Base.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def unit(engine: Engine) -> Callable[[], UnitOfWork]:
    sessions = write_sessions(engine)
    return lambda: UnitOfWork(sessions())


@pytest.fixture
def uow(unit: Callable[[], UnitOfWork]) -> Iterator[UnitOfWork]:
    with unit() as uow:
        yield uow


@pytest.fixture
def make_bots(uow: UnitOfWork) -> Callable[[int], list[UUID]]:
    def make(count: int) -> list[UUID]:
        now = SystemClock().now()
        ids = [new_id() for _ in range(count)]
        uow.session.execute(
            insert(Base.metadata.tables["bots"]),
            [
                {
                    "id": bot_id,
                    "platform": "discord",
                    "external_id": bot_id.int % 2**60,
                    "name": "Fern",
                    "created_at": now,
                    "updated_at": now,
                }
                for bot_id in ids
            ],
        )
        return ids

    return make


@pytest.fixture
def make_runner(uow: UnitOfWork) -> Callable[..., UUID]:
    def make(host: str = "here") -> UUID:
        return service.register_runner(uow, host=host, pid=1, lock_path="/nowhere/lock")

    return make
