from collections.abc import Callable, Iterator
from pathlib import Path
from shutil import copyfile

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session

from socialcube.db.session import create_engine, write_sessions
from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain import tables
from socialcube.domain.access.types import Actor
from socialcube.domain.bots.types import DesiredState
from socialcube.domain.commands.models import CommandRegistration
from socialcube.domain.guilds import service as guilds
from socialcube.domain.jobs.types import JobState
from socialcube.kernel.secrets import Secret
from tests.factories.access import make_owner
from tests.factories.bots import make_bot
from tests.factories.commands import store_command
from tests.factories.guilds import make_channel, make_guild, make_role
from tests.factories.jobs import from_now, make_job
from tests.factories.site import make_setting
from tests.fakes.clock import START, FakeClock
from tests.fakes.events import Published


@pytest.fixture(scope="session")
def empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Make the tables once; each test gets a copy."""
    path = tmp_path_factory.mktemp("database") / "empty.db"
    engine = create_engine(Secret(f"sqlite:///{path}"))
    tables.metadata.create_all(engine)
    # What the write-ahead log still holds would not be in the copy.
    with engine.connect() as connection:
        connection.exec_driver_sql("COMMIT")
        connection.exec_driver_sql("PRAGMA wal_checkpoint(TRUNCATE)")
        connection.exec_driver_sql("BEGIN")
    engine.dispose()
    return path


@pytest.fixture
def engine(tmp_path: Path, empty_database: Path) -> Iterator[Engine]:
    copyfile(empty_database, tmp_path / "test.db")
    engine = create_engine(Secret(f"sqlite:///{tmp_path}/test.db"))
    yield engine
    engine.dispose()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def published() -> Published:
    return Published()


@pytest.fixture
def unit(engine: Engine, published: Published, clock: FakeClock) -> Callable[[], UnitOfWork]:
    sessions = write_sessions(engine)
    return lambda: UnitOfWork(sessions(), published, clock)


@pytest.fixture
def uow(unit: Callable[[], UnitOfWork]) -> Iterator[UnitOfWork]:
    with unit() as uow:
        yield uow


@pytest.fixture
def session(uow: UnitOfWork) -> Session:
    return uow.session


@pytest.fixture
def owner() -> Actor:
    return make_owner()


@pytest.fixture
def noise(unit: Callable[[], UnitOfWork], published: Published) -> None:
    """Store what neighbours have, so that a read or a write without its filter shows."""
    with unit() as uow:
        for number in (1, 2):
            _make_neighbour(uow, number)
        make_bot(uow.session, name="Gone", desired_state=DesiredState.RUNNING, deleted_at=START)
        make_setting(uow.session, "neighbour", "value")
        uow.commit()
    published.events.clear()


def _make_neighbour(uow: UnitOfWork, number: int) -> None:
    bot = make_bot(uow.session, name=f"Neighbour {number}", desired_state=DesiredState.RUNNING)
    guild = make_guild(channels=(make_channel(),), roles=(make_role(),))
    guilds.sync_guild(uow, bot.id, "discord", guild)
    guilds.sync_guild(uow, bot.id, "other", make_guild(external_id=31, name="Same id elsewhere"))
    for name, live in (("hello", 1), ("bye", None)):
        store_command(uow.session, bot.id, name, published_version=live)
    registration = CommandRegistration(bot_id=bot.id, external_id=number, name="hello", registered_at=START)
    registration.digest = "0" * 64
    uow.session.add(registration)
    make_job(uow.session, target=f"fleet:{bot.id}", bot_id=bot.id)
    running = {"state": JobState.RUNNING, "claimed_by": "neighbour", "attempts": 1}
    make_job(uow.session, **running, claim_expires_at=from_now(60))
