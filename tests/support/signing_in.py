"""People who are signed in already: a real row, and the cookie that belongs to it."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID
from zlib import crc32

from flask import Flask
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from sqlalchemy import update
from werkzeug.test import TestResponse

from socialcube.bootstrap.services import Services
from socialcube.domain.access.types import Actor, Permission
from socialcube.domain.accounts import queries, service
from socialcube.domain.accounts.models import UserSession
from socialcube.domain.accounts.types import BuiltInRole, Profile, UserView
from socialcube.kernel.secrets import Secret
from socialcube.web.auth.cookies import cookie_for, make_token
from socialcube.web.auth.sessions import hash_of
from socialcube.web.context import services_of

CSRF: Final = "csrf-of-a-test"
_TESTS: Final = Actor.system("tests")


@dataclass(frozen=True, slots=True)
class SignedIn:
    """A person's browser.

    Attributes:
        user: the person.
        session_id: of its row.
        token: what the cookie holds.
    """

    user: UserView
    session_id: UUID
    token: Secret

    def cookie(self, public_url: str) -> dict[str, str]:
        """Give the cookie for Playwright's `context.add_cookies([...])`."""
        return {"name": cookie_for(public_url).name, "value": self.token.reveal(), "url": public_url}


class SignedInClient(FlaskClient):
    """A test client that sends the CSRF token with everything that may change something."""

    person: SignedIn

    def open(self, *args: Any, **values: Any) -> TestResponse:
        values["headers"] = {"X-CSRFToken": self.csrf_token(), **dict(values.get("headers") or {})}
        return super().open(*args, **values)

    def csrf_token(self) -> str:
        """Give the token that pages of this session carry, signed as Flask-WTF does."""
        key = self.application.secret_key
        return str(URLSafeTimedSerializer(str(key), salt="wtf-csrf-token").dumps(CSRF))


def sign_in(
    app: Flask,
    *,
    name: str = "Mara",
    role: BuiltInRole | str | None = BuiltInRole.OWNER,
    permissions: Iterable[Permission] = (),
    bots: Iterable[UUID] = (),
    external_id: int | None = None,
    signed_in_at: datetime | None = None,
) -> SignedInClient:
    """Sign a person in and give a client that acts as them; `client.person` tells who it is.

    Args:
        app: the application.
        name: how the person is called; one name is one person.
        role: what the person has, on `bots` or on the site; None for nothing.
        permissions: a role of exactly these instead of `role`.
        bots: the bots on which the role holds; none means the whole site.
        external_id: at Discord, when a test needs a certain one.
        signed_in_at: when the person proved who they are; just now by default.
    """
    person = add_person(
        services_of(app).shared,
        name=name,
        role=role,
        permissions=permissions,
        bots=bots,
        external_id=external_id,
        signed_in_at=signed_in_at,
    )
    client = SignedInClient(app, app.response_class, use_cookies=True)
    client.person = person
    settings = services_of(app).shared.settings
    cookie = cookie_for(settings.web.public_url)
    client.set_cookie(cookie.name, person.token.reveal(), domain="localhost", secure=cookie.is_secure)
    return client


def add_person(
    shared: Services,
    *,
    name: str = "Mara",
    role: BuiltInRole | str | None = BuiltInRole.OWNER,
    permissions: Iterable[Permission] = (),
    bots: Iterable[UUID] = (),
    external_id: int | None = None,
    signed_in_at: datetime | None = None,
) -> SignedIn:
    """Sign a person in at a database, for browsers of another process. The words are those of `sign_in`."""
    token = make_token()
    places: list[UUID | None] = [*bots] or [None]
    with shared.unit_of_work() as uow:
        user = service.sign_in(uow, Profile(external_id or _id_of(name), name.lower(), name))
        if role is not None or permissions:
            if permissions:
                made = f"{name} {secrets.token_hex(4)}"
                role_id = service.create_role(uow, _TESTS, name=made, permissions=list(permissions))
            else:
                role_id = queries.get_role(uow.session, str(role)).id
            for bot_id in places:
                service.grant_role(uow, _TESTS, user_id=user.id, role_id=role_id, bot_id=bot_id)
        row = service.open_session(uow, user.id, token_hash=hash_of(token), address="127.0.0.1")
        data: dict[str, object] = {"_user_id": str(user.id), "csrf_token": CSRF}
        service.save_session(uow, row.id, data, uow.clock.now())
        if signed_in_at is not None:
            changed = update(UserSession).where(UserSession.id == row.id).values(signed_in_at=signed_in_at)
            uow.session.execute(changed)
        uow.commit()
    return SignedIn(user, row.id, token)


def _id_of(name: str) -> int:
    return 10**17 + crc32(name.encode())
