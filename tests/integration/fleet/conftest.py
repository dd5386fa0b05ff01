from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from socialcube.sandbox.running import RunningSandbox
from tests.support.installation import Installation


@pytest.fixture
def sandbox() -> Iterator[RunningSandbox]:
    with RunningSandbox() as running:
        yield running


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def house(request: pytest.FixtureRequest, tmp_path: Path, sandbox: RunningSandbox) -> Iterator[Installation]:
    """Give an installation on each database."""
    with ExitStack() as stack:
        url = f"sqlite:///{tmp_path}/socialcube.db"
        if request.param == "postgresql":
            url = stack.enter_context(request.getfixturevalue("cluster").migrated_database()).reveal()
        yield stack.enter_context(Installation(tmp_path, url, sandbox.api_base_url))


@pytest.fixture
def small_house(tmp_path: Path, sandbox: RunningSandbox) -> Iterator[Installation]:
    """Give an installation on SQLite, where the database makes no difference."""
    with Installation(tmp_path, f"sqlite:///{tmp_path}/socialcube.db", sandbox.api_base_url) as installation:
        yield installation
