"""What holds for every test: unit tests reach no network."""

import gc
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
_LONGEST = [
    Path(__file__).parent / name
    for name in (
        "browser/test_panel_pages.py",
        "security/matrix/test_panel.py",
        "integration/test_make_run.py",
        "faults/test_live_view.py",
    )
]
"""Files of minutes each, which nobody should begin last and alone."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest files, then those whose tests wait for processes and pages.

    All else is short and needs a whole core: it fills the gaps and the end. What lies in `tests/faults` gets
    the mark `faults`, so that no file can forget it.
    """
    for item in items:
        if item.path.is_relative_to(_FAULTS):
            item.add_marker("faults")
    waiting = {item.path for item in items if any(mark.name in _WAITING for mark in item.iter_markers())}
    first = {path: place for place, path in enumerate(_LONGEST)}
    items.sort(key=lambda item: (first.get(item.path, len(first)), item.path not in waiting))


def pytest_collection_finish() -> None:
    """Take what was imported and collected out of the collector's sight: it lives until the end."""
    gc.collect()
    gc.freeze()


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Refuse sockets to unit tests. pytest-socket lifts it after each test.

    An asyncio loop wakes itself through a pair of Unix sockets, so those stay.
    """
    if item.path.is_relative_to(_UNIT):
        disable_socket(allow_unix_socket=True)
