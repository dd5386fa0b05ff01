"""What holds for every test: unit tests reach no network."""

from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from pytest_socket import disable_socket

# A busy machine makes a test slow, not wrong: pytest-timeout ends what hangs.
settings.register_profile("house", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("house")

_UNIT = Path(__file__).parent / "unit"
_FAULTS = Path(__file__).parent / "faults"
_WAITING = frozenset({"processes", "browser"})


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with files whose tests wait for processes and pages: all else fills the gaps and the end.

    What lies in `tests/faults` gets the mark `faults`, so that no file can forget it.
    """
    for item in items:
        if item.path.is_relative_to(_FAULTS):
            item.add_marker("faults")
    waiting = {item.path for item in items if any(mark.name in _WAITING for mark in item.iter_markers())}
    items.sort(key=lambda item: item.path not in waiting)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Refuse sockets to unit tests. pytest-socket lifts it after each test.

    An asyncio loop wakes itself through a pair of Unix sockets, so those stay.
    """
    if item.path.is_relative_to(_UNIT):
        disable_socket(allow_unix_socket=True)
