"""One application for all tests of a file, with bots, commands, logs and a person who makes keys."""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from flask.testing import FlaskClient
from werkzeug.test import TestResponse

import config
from socialcube.domain.access.types import Actor, Permission
from socialcube.domain.accounts.types import BuiltInRole
from socialcube.domain.api_keys import service
from socialcube.domain.api_keys.types import DEFAULT_LIFE, ApiKeyView
from socialcube.web.app import create_app
from socialcube.web.context import services_of
from socialcube.web.extensions import db
from tests.factories.accounts import make_user
from tests.factories.bots import make_bot
from tests.factories.settings import make_environ
from tests.unit.web.conftest import Site

EVERYTHING = tuple(
    sorted(set(Permission) - {Permission.SITE_ADMIN, Permission.MEMBER_MANAGE, Permission.APIKEY_MANAGE})
)


@dataclass
class Api:
    """The API of one application.

    Attributes:
        own, foreign: bots; Jonas is manager of the first one only.
        mara, jonas: the owner of the site, and that manager.
    """

    site: Site
    own: UUID
    foreign: UUID
    mara: UUID
    jonas: UUID
    made: int = field(default=0)

    @property
    def client(self) -> FlaskClient:
        return self.site.app.test_client()

    def make_key(
        self, *scopes: Permission, user: UUID | None = None, bots: list[UUID] | None = None, **more: Any
    ) -> tuple[ApiKeyView, str]:
        """Make a key of Mara's, or of another person; it may do everything unless told otherwise."""
        user_id = user or self.mara
        with self.site.unit() as uow:
            view, key = service.make_key(
                uow,
                Actor("user", str(user_id)),
                self.site.services.keys.peppers,
                user_id=user_id,
                name="Night script",
                scopes=scopes or EVERYTHING,
                bot_ids=bots,
                life=more.get("life", DEFAULT_LIFE),
            )
            uow.commit()
        return view, key.reveal()

    def ask(
        self,
        key: str,
        path: str,
        *,
        method: str = "GET",
        headers: Mapping[str, str] | None = None,
        **more: Any,
    ) -> TestResponse:
        """Ask with a key."""
        sent = {"Authorization": f"Bearer {key}", **(headers or {})}
        return self.client.open(f"/api/v1{path}", method=method, headers=sent, **more)


@pytest.fixture(scope="module")
def module_api(template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Api]:
    folder = tmp_path_factory.mktemp("api")
    shutil.copy(template, folder / "api.db")
    environ = make_environ(DATABASE_URL=f"sqlite:///{folder}/api.db", VAR_DIR=str(folder / "var"))
    app = create_app(config.load_settings(environ))
    site = Site(app)
    with site.unit() as uow:
        own, foreign = make_bot(uow.session, name="Fern").id, make_bot(uow.session, name="Moss").id
        mara = make_user(uow, "mara", role=BuiltInRole.OWNER).id
        jonas = make_user(uow, "jonas", role=BuiltInRole.MANAGER, bot_id=own).id
        uow.commit()
    yield Api(site, own, foreign, mara, jonas)
    with app.app_context():
        db.engine.dispose()
    services_of(app).close()


@pytest.fixture
def api(module_api: Api) -> Api:
    """Give the module's API with nothing counted, remembered or written yet."""
    module_api.site.limits.tries.clear()
    module_api.site.limits.is_up = True
    module_api.site.sink.records.clear()
    return module_api


def problem_of(answer: TestResponse) -> dict[str, Any]:
    """Read a refusal."""
    assert answer.content_type == "application/problem+json", answer.text
    found: dict[str, Any] = answer.get_json()
    assert found["status"] == answer.status_code
    assert found["request_id"] == answer.headers["X-Request-ID"]
    assert found["detail"]
    return found
