from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.postgres import Cluster, run_name
from tests.support.system import System


@pytest.fixture(scope="session")
def cluster() -> Cluster:
    """Give the PostgreSQL server that this test run shares."""
    return Cluster(run_name())


@pytest.fixture
def system(tmp_path: Path, cluster: Cluster) -> Iterator[System]:
    """Give the whole system on PostgreSQL, with Greenhouse online and its /hello live."""
    with cluster.empty_database() as url, System(tmp_path, url.reveal()) as running:
        running.start("redis", "sandbox")
        running.release()
        running.start("web", "worker", "beat", "bots")
        running.wait_ready()
        running.make_bot("Greenhouse")
        yield running
