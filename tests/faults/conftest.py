from collections.abc import Iterator

import pytest

from tests.support.postgres import Cluster, run_name
from tests.support.system import System


@pytest.fixture(scope="module")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """Give the whole system on PostgreSQL, with Greenhouse online and its `/hello` live.

    The tests share it: each claims that all is well again, so each may start from that.
    """
    with (
        Cluster(run_name()).migrated_database() as url,
        System(tmp_path_factory.mktemp("system"), url.reveal()) as running,
    ):
        running.start("redis", "sandbox")
        running.release()
        running.start("web", "worker", "beat", "bots")
        running.wait_ready()
        running.make_bot("Greenhouse")
        yield running
