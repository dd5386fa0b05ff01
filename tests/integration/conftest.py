from collections.abc import Iterator

import pytest

from tests.support.postgres import Cluster, run_name


@pytest.fixture(scope="session")
def cluster() -> Cluster:
    """Give the PostgreSQL server that this test run shares."""
    return Cluster(run_name())


@pytest.fixture(scope="module", params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty_database_url(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """Give an empty database of each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path_factory.mktemp('database')}/socialcube.db"
        return
    with request.getfixturevalue("cluster").empty_database() as url:
        yield url.reveal()
