from collections.abc import Iterator

import pytest

from tests.support.postgres import Cluster, run_name


@pytest.fixture(scope="session")
def cluster() -> Cluster:
    """Give the PostgreSQL server that this test run shares."""
    return Cluster(run_name())


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def empty_database_url(request: pytest.FixtureRequest, tmp_path: pytest.TempPathFactory) -> Iterator[str]:
    """Give an empty database on each kind."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path}/socialcube.db"
        return
    with request.getfixturevalue("cluster").empty_database() as url:
        yield url.reveal()
