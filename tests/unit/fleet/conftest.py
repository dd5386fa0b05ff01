from collections.abc import Callable, Iterator
from pathlib import Path
from uuid import UUID

import pytest
from sqlalchemy import Engine

from socialcube.db.session import create_engine, write_sessions
from socialcube.domain import tables
from socialcube.domain.bots.types import DesiredState
from socialcube.domain.placements import service
from socialcube.kernel.secrets import Secret
from socialcube.kernel.settings import FleetSettings
from tests.factories.bots import make_bot
from tests.fakes.bridge import DirectBridge
from tests.fakes.clock import FakeClock
from tests.fakes.logs import FakeSink


@pytest.fixture
def engine(tmp_path: Path) -> Iterator[Engine]:
    engine = create_engine(Secret(f"sqlite:///{tmp_path}/test.db"))
    tables.metadata.create_all(engine)
    yield engine
    engine.dispose()


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def sink() -> FakeSink:
    return FakeSink()


@pytest.fixture
def bridge(engine: Engine, clock: FakeClock) -> DirectBridge:
    return DirectBridge(engine, clock)


@pytest.fixture
def settings() -> FleetSettings:
    return FleetSettings(
        lease_seconds=20, renew_seconds=5, reconcile_seconds=5, max_bots=500, drain_seconds=20
    )


@pytest.fixture
def store_bots(engine: Engine) -> Callable[[int], list[UUID]]:
    """Give a maker of stored bots that are wanted."""

    def store(count: int) -> list[UUID]:
        with write_sessions(engine)() as session:
            ids = [
                make_bot(session, desired_state=DesiredState.RUNNING, sealed_token="sealed").id
                for _ in range(count)
            ]
            session.commit()
        return ids

    return store


@pytest.fixture
async def runner_id(bridge: DirectBridge) -> UUID:
    return await bridge.write(service.register_runner, host="here", pid=1, lock_path="/nowhere/one.lock")
