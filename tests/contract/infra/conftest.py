from collections.abc import Iterator

import pytest

from tests.support.valkey import RunningValkey


@pytest.fixture
def valkey() -> Iterator[RunningValkey]:
    """Give a server of its own to a test that kills it."""
    with RunningValkey() as server:
        yield server
