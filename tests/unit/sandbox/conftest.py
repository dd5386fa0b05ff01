"""A world that stands still until the test turns its clock."""

import pytest

from socialcube.sandbox.world.changes import Change
from socialcube.sandbox.world.records import Command
from socialcube.sandbox.world.world import World
from tests.fakes.clock import FakeClock
from tests.unit.sandbox.bodies import slash


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def world(clock: FakeClock) -> World:
    return World(clock)


@pytest.fixture
def told(world: World) -> list[Change]:
    """Every change from now on."""
    changes: list[Change] = []
    world.feed.subscribe(changes.append)
    return changes


@pytest.fixture
def hello(world: World) -> Command:
    """Greenhouse's /hello, usable in Fern Street."""
    command, _ = world.commands.upsert(5001, None, slash("hello"))
    return command
