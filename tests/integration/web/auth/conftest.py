import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from flask import Flask

import config
from socialcube.sandbox.running import RunningSandbox
from socialcube.web.app import create_app
from socialcube.web.context import services_of
from socialcube.web.extensions import db
from tests.factories.settings import make_environ
from tests.integration.web.auth.visitors import CALLBACK, MARA, PUBLIC_URL, Visitor
from tests.support.migrated import migrated_file
from tests.support.valkey import RunningValkey

MakeApp = Callable[..., Flask]
MakeVisitor = Callable[..., Visitor]


@pytest.fixture(scope="module")
def template() -> Path:
    """Give a migrated database to copy."""
    return migrated_file()


@pytest.fixture(scope="module")
def sandbox() -> Iterator[RunningSandbox]:
    with RunningSandbox(redirect_uris=(CALLBACK,)) as running:
        yield running


@pytest.fixture
def valkey() -> Iterator[RunningValkey]:
    with RunningValkey() as server:
        yield server


@pytest.fixture
def make_app(
    template: Path,
    tmp_path: Path,
    sandbox: RunningSandbox,
    valkey: RunningValkey,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[MakeApp]:
    # What the doors do where Discord is on loopback.
    monkeypatch.setenv("OAUTHLIB_INSECURE_TRANSPORT", "1")
    made: list[Flask] = []

    def make(**environ: str) -> Flask:
        path = tmp_path / f"{len(made)}.db"
        shutil.copy(template, path)
        defaults = {
            "DATABASE_URL": f"sqlite:///{path}",
            "VAR_DIR": str(tmp_path / "var"),
            "REDIS_URL": valkey.url.reveal(),
            "PUBLIC_URL": PUBLIC_URL,
            "DISCORD_API_BASE_URL": sandbox.api_base_url,
            "DISCORD_AUTHORIZE_URL": sandbox.authorize_url,
            "DISCORD_TOKEN_URL": sandbox.token_url,
            "DISCORD_CDN_URL": sandbox.origin,
            "DISCORD_CLIENT_ID": sandbox.client_id,
            "DISCORD_CLIENT_SECRET": sandbox.client_secret,
            "ADMIN_DISCORD_IDS": MARA,
        }
        app = create_app(config.load_settings(make_environ(**(defaults | environ))))
        made.append(app)
        return app

    yield make
    for app in made:
        services_of(app).close()
        with app.app_context():
            db.engine.dispose()
    sandbox.control.clear_faults()


@pytest.fixture
def app(make_app: MakeApp) -> Flask:
    return make_app()


@pytest.fixture
def make_visitor(app: Flask, sandbox: RunningSandbox) -> MakeVisitor:
    def make(at: Flask | None = None) -> Visitor:
        return Visitor(at or app, sandbox)

    return make


@pytest.fixture
def visitor(make_visitor: MakeVisitor) -> Visitor:
    return make_visitor()
