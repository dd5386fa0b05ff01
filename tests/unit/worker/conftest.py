import shutil
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest

import config
from socialcube.bootstrap import services
from socialcube.bootstrap.worker import WorkerServices
from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.alerts.types import ChannelKind
from socialcube.infra.address_sealer import DerivedAddressSealer
from socialcube.infra.event_publisher import HintPublisher
from socialcube.worker.runtime import Runtime
from tests.factories.settings import make_environ
from tests.fakes.alerts import FakeMessenger
from tests.fakes.infra import FakeBus, FakeQueue, FakeSink
from tests.support.migrated import migrated_file


@pytest.fixture(scope="session")
def template() -> Path:
    """Give a migrated database to copy."""
    return migrated_file()


@dataclass
class Worker:
    """A runtime on a real database whose other surroundings are faked."""

    runtime: Runtime
    bus: FakeBus = field(default_factory=FakeBus)
    sink: FakeSink = field(default_factory=FakeSink)
    queue: FakeQueue = field(default_factory=FakeQueue)
    messenger: FakeMessenger = field(default_factory=FakeMessenger)

    def __post_init__(self) -> None:
        shared = services.build(self.runtime.settings)
        fakes: dict[str, Any] = {
            "sink": self.sink,
            "queue": self.queue,
            "addresses": DerivedAddressSealer(self.runtime.settings.secret_keys),
            "messengers": dict.fromkeys(ChannelKind, self.messenger),
        }
        hints = HintPublisher(self.bus, self.queue.send)
        made = WorkerServices(shared=replace(shared, bus=self.bus, publisher=hints), **fakes)
        self.runtime.__dict__["services"] = made

    def unit(self) -> UnitOfWork:
        """Open a unit that writes, whose events go nowhere."""
        shared = self.runtime.services.shared
        return UnitOfWork(shared.writes(), keys=shared.audit_keys)


@pytest.fixture
def worker(template: Path, tmp_path: Path) -> Iterator[Worker]:
    path = tmp_path / "socialcube.db"
    shutil.copy(template, path)
    environ = make_environ(DATABASE_URL=f"sqlite:///{path}", VAR_DIR=str(tmp_path / "var"))
    worker = Worker(Runtime(config.load_settings(environ)))
    yield worker
    worker.runtime.services.shared.engine.dispose()
