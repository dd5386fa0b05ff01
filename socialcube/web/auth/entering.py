"""The moment a person is let in or leaves: the old token dies, and only a new one opens anything."""

import secrets
from dataclasses import replace
from typing import Final
from uuid import UUID

from flask import request
from flask_login import login_user, logout_user

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor
from socialcube.domain.accounts import service
from socialcube.domain.accounts.types import SessionView
from socialcube.infra.session_cache import Shelf, SignInAwayError
from socialcube.kernel.secrets import Secret
from socialcube.web import identity
from socialcube.web.auth import loading, sessions
from socialcube.web.auth.cookies import make_token
from socialcube.web.auth.sessions import Kept
from socialcube.web.context import request_id, services

BROWSER: Final = "browser"
"""Names a browser to the sign-ins it began. It opens nothing, so it outlives a change of the token:
a second tab may still come back from Discord."""

_CSRF: Final = "csrf_token"


def open_session(uow: UnitOfWork, user_id: UUID) -> tuple[Secret, SessionView]:
    """Open a session for a person who has just proved who they are, and end the browser's former one.

    The caller commits, then calls `enter`.
    """
    former = sessions.current().kept.row
    if former is not None:
        service.end_session(uow, _actor(former.user_id), former.id)
    token = make_token()
    row = service.open_session(
        uow,
        user_id,
        token_hash=sessions.hash_of(token),
        address=request.remote_addr or "",
        agent=request.user_agent.string,
    )
    return token, row


def enter(token: Secret, row: SessionView) -> None:
    """Go on as the person whose session was opened and committed."""
    session = sessions.current()
    former = session.kept
    data = {_CSRF: secrets.token_hex(20)}
    if BROWSER in former.data:
        data[BROWSER] = former.data[BROWSER]
    session.become(Kept(token, replace(row, data={}), data))
    person = loading.find_by_session(row)
    if person is not None:
        login_user(person)
    if former.token is not None and former.row is None:
        _forget_visitor(former.token)


def renew(uow: UnitOfWork, way: str) -> tuple[Secret, SessionView]:
    """Note that the person at hand proved again who they are: the same session under a new token.

    The caller commits, then calls `go_on`.

    Raises:
        UnauthenticatedError, SessionNotFoundError: nobody is signed in, or no longer.
    """
    person, token = identity.person(), make_token()
    row = service.renew_session(
        uow, person.actor, person.session.id, token_hash=sessions.hash_of(token), way=way
    )
    return token, row


def go_on(token: Secret, row: SessionView) -> None:
    """Tell the browser its new token. What the session holds stays, so open forms can still be sent."""
    session = sessions.current()
    session.become(Kept(token, row, session.kept.data))


def leave() -> None:
    """Sign out: the row goes, so the token opens nothing, whoever still holds it."""
    session = sessions.current()
    row = session.kept.row
    if row is not None:
        with services().unit_of_work() as uow:
            service.end_session(uow, _actor(row.user_id), row.id)
            uow.commit()
    logout_user()
    session.become(Kept())


def _forget_visitor(token: Secret) -> None:
    try:
        services().cache.drop(Shelf.VISITOR, token)
    except SignInAwayError:
        # It ends by itself within the hour, and nobody is signed in with it.
        return


def _actor(user_id: UUID) -> Actor:
    return replace(Actor.user(user_id), request_id=request_id(), address=request.remote_addr or "")
