import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result
from flask import Flask
from flask.testing import FlaskClient

import config
from socialcube.bootstrap.web import WebServices, make_key_registry
from socialcube.db.unit_of_work import UnitOfWork
from socialcube.infra.event_publisher import HintPublisher
from socialcube.web.app import create_app
from socialcube.web.context import SERVICES, services_of
from socialcube.web.extensions import db
from tests.factories.settings import make_environ
from tests.fakes.clock import FakeClock
from tests.fakes.infra import (
    FakeBus,
    FakeDirectory,
    FakeQueue,
    FakeQuota,
    FakeRateLimits,
    FakeSessionCache,
    FakeSink,
)
from tests.fakes.sealing import FakeSealer
from tests.support.migrated import migrated_file


@pytest.fixture(scope="session")
def template() -> Path:
    """Give a migrated database to copy."""
    return migrated_file()


@dataclass
class Site:
    """An application whose outside world is faked, and the fakes."""

    app: Flask
    bus: FakeBus = field(default_factory=FakeBus)
    sink: FakeSink = field(default_factory=FakeSink)
    queue: FakeQueue = field(default_factory=FakeQueue)
    directory: FakeDirectory = field(default_factory=FakeDirectory)
    cache: FakeSessionCache = field(default_factory=FakeSessionCache)
    limits: FakeRateLimits = field(default_factory=FakeRateLimits)
    clock: FakeClock = field(default_factory=FakeClock)

    def __post_init__(self) -> None:
        real = services_of(self.app)
        shared = replace(
            real.shared, bus=self.bus, clock=self.clock, publisher=HintPublisher(self.bus, self.queue.send)
        )
        fakes: dict[str, Any] = {
            "sink": self.sink,
            "queue": self.queue,
            "directory": self.directory,
            "cache": self.cache,
            "limits": self.limits,
            "keys": make_key_registry(shared, real.session),
            "quota": FakeQuota(self.clock),
        }
        self.app.extensions[SERVICES] = replace(real, shared=shared, sealer=FakeSealer(), **fakes)

    @property
    def services(self) -> WebServices:
        return services_of(self.app)

    @property
    def client(self) -> FlaskClient:
        return self.app.test_client()

    def unit(self) -> UnitOfWork:
        """Open a unit that writes, with a session of its own."""
        return self.services.shared.unit_of_work()

    def run(self, *words: str, typed: str | bytes = "") -> Result:
        """Run a command as `flask` would."""
        return self.app.test_cli_runner().invoke(args=words, input=typed)


MakeSite = Callable[..., Site]


@pytest.fixture
def make_site(template: Path, tmp_path: Path) -> Iterator[MakeSite]:
    made: list[Flask] = []

    def make(**environ: str) -> Site:
        path = tmp_path / f"{len(made)}.db"
        shutil.copy(template, path)
        defaults = {"DATABASE_URL": f"sqlite:///{path}", "VAR_DIR": str(tmp_path / "var")}
        app = create_app(config.load_settings(make_environ(**(defaults | environ))))
        made.append(app)
        return Site(app)

    yield make
    for app in made:
        with app.app_context():
            db.engine.dispose()


class SharedApp:
    """One application for many tests: making it and compiling its templates costs more than most of them.

    Args:
        template: a migrated database to copy.
        folder: for the database and the files of the application.
    """

    def __init__(self, template: Path, folder: Path) -> None:
        self._template = template
        self._database = folder / "site.db"
        environ = {"DATABASE_URL": f"sqlite:///{self._database}", "VAR_DIR": str(folder / "var")}
        self._folder = folder / "var"
        self.app = create_app(config.load_settings(make_environ(**environ)))
        self._services = services_of(self.app)
        self._config = dict(self.app.config)

    def make_site(self) -> Site:
        """Give a site that knows nothing of the one before."""
        self.let_go()
        for path in self._database.parent.glob("site.db*"):
            path.unlink()
        shutil.rmtree(self._folder, ignore_errors=True)
        shutil.copy(self._template, self._database)
        self.app.config.clear()
        self.app.config.update(self._config)
        self.app.extensions[SERVICES] = self._services
        return Site(self.app)

    def let_go(self) -> None:
        """Close all connections to the database."""
        self._services.shared.engine.dispose()
        with self.app.app_context():
            db.engine.dispose()


@pytest.fixture(scope="session")
def shared_app(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SharedApp]:
    shared = SharedApp(template, tmp_path_factory.mktemp("site"))
    yield shared
    shared.let_go()


@pytest.fixture
def site(shared_app: SharedApp) -> Site:
    return shared_app.make_site()
