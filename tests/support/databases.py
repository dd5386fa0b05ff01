"""Both databases as fixtures: `from tests.support.databases import database, empty_database, postgres`."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import Engine
from sqlalchemy.orm import Session, sessionmaker

from socialcube.db.session import create_engine, read_sessions, write_sessions
from socialcube.db.unit_of_work import UnitOfWork
from socialcube.kernel.clock import Clock
from socialcube.kernel.events import EventPublisher
from socialcube.kernel.secrets import Secret
from tests.support.migrated import migrated_file
from tests.support.postgres import Cluster, run_name


@dataclass(frozen=True, slots=True)
class Database:
    """A database of its own for one test."""

    url: Secret
    engine: Engine
    reads: sessionmaker[Session]
    writes: sessionmaker[Session]

    @property
    def kind(self) -> str:
        """Give `sqlite` or `postgresql`."""
        return self.engine.dialect.name

    def unit(self, publisher: EventPublisher | None = None, clock: Clock | None = None) -> UnitOfWork:
        """Open a unit of work that writes."""
        return UnitOfWork(self.writes(), publisher, clock)


@pytest.fixture(scope="session", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Run the test once on each database."""
    return str(request.param)


@pytest.fixture(scope="session")
def postgres() -> Cluster:
    """Give the server of this test run."""
    return Cluster(run_name())


@pytest.fixture(scope="session")
def sqlite_template() -> Path:
    """Give a migrated SQLite file to copy."""
    return migrated_file()


@pytest.fixture
def database(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Give a database of either kind with every table."""
    with new_database(database_kind, request, tmp_path) as made:
        yield made


@pytest.fixture
def empty_database(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Database]:
    """Give a database of either kind without tables."""
    if database_kind == "sqlite":
        with opened(_sqlite_url(tmp_path / "socialcube.db")) as opened_database:
            yield opened_database
        return
    cluster: Cluster = request.getfixturevalue("postgres")
    with cluster.empty_database() as url, opened(url) as opened_database:
        yield opened_database


@contextmanager
def new_database(kind: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[Database]:
    """Make a database with every table, for a fixture of any scope; SQLite's file is in the folder."""
    if kind == "sqlite":
        path = folder / "socialcube.db"
        shutil.copy(request.getfixturevalue("sqlite_template"), path)
        with opened(_sqlite_url(path)) as opened_database:
            yield opened_database
        return
    cluster: Cluster = request.getfixturevalue("postgres")
    with cluster.migrated_database() as url, opened(url) as opened_database:
        yield opened_database


@contextmanager
def opened(url: Secret) -> Iterator[Database]:
    """Connect to a database that exists."""
    engine = create_engine(url)
    try:
        yield Database(url, engine, read_sessions(engine), write_sessions(engine))
    finally:
        engine.dispose()


def _sqlite_url(path: Path) -> Secret:
    return Secret(f"sqlite:///{path}")
