"""From the session to the person: Flask-Login asks here, once per request."""

from dataclasses import replace
from typing import Final
from uuid import UUID

from flask import Flask, Response, request
from flask_login import LoginManager

from socialcube.domain.accounts import queries as accounts
from socialcube.domain.accounts.types import SessionView
from socialcube.web.auth import sessions
from socialcube.web.context import request_id, services
from socialcube.web.identity import Person

_REMEMBER_COOKIE: Final = "sc-unused"


class People(LoginManager):  # type: ignore[misc] # Flask-Login ships no types
    """Flask-Login without its second cookie."""

    def _update_remember_cookie(self, response: Response) -> Response:
        # It would look into the session after every answer, which costs files and health checks a query.
        return response


def init_app(app: Flask) -> None:
    """Teach Flask-Login who our people are."""
    manager = People()
    # It would tie a session to address and browser, both of which change on trains and with updates.
    manager.session_protection = None
    # We issue none; under the stock name another application on this host would sign our people out.
    app.config["REMEMBER_COOKIE_NAME"] = _REMEMBER_COOKIE
    manager.user_loader(_find_by_text)
    manager.init_app(app)


def find_by_session(row: SessionView) -> Person | None:
    """Find the person of a living session, with all that holds now."""
    session = services().session()
    view = accounts.find_user(session, row.user_id)
    if view is None:
        return None
    actor = accounts.load_actor(session, row.user_id)
    return Person(
        view=view,
        actor=replace(actor, request_id=request_id(), address=request.remote_addr or ""),
        session=row,
        preferences=accounts.get_preferences(session, row.user_id),
    )


def _find_by_text(user_id: str) -> Person | None:
    row = sessions.current().kept.row
    # The row decides. Data alone signs nobody in, wherever it came from.
    if row is None or row.user_id != _to_uuid(user_id):
        return None
    return find_by_session(row)


def _to_uuid(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
