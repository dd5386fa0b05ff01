"""Flask's session, kept by us: in Redis until somebody signs in, in the database from then on."""

import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from hashlib import sha256
from typing import Any, Final

from flask import Flask, Request, Response, session
from flask.sessions import SessionInterface, SessionMixin
from sqlalchemy.exc import SQLAlchemyError

from socialcube.domain.accounts import queries as accounts
from socialcube.domain.accounts import service
from socialcube.domain.accounts.types import SessionView
from socialcube.infra.session_cache import Shelf, SignInAwayError
from socialcube.kernel.secrets import Secret
from socialcube.web.auth.cookies import Cookie, make_token, read_token
from socialcube.web.context import services

SEEN_EVERY: Final = timedelta(minutes=1)
"""How exactly we know when a session was last used; more exactly would cost a write per request."""

_log: Final = logging.getLogger(__name__)


@dataclass(slots=True)
class Kept:
    """What is kept about a browser.

    Attributes:
        token: by which it is known; None for one that we know nothing of yet.
        row: its row, once somebody signed in with it.
        data: what views keep in it.
    """

    token: Secret | None = None
    row: SessionView | None = None
    data: dict[str, Any] = field(default_factory=dict)


class WebSession(SessionMixin):
    """What a browser has here. It is looked up when somebody first asks; most files need no session.

    Attributes:
        modified: whether it must be stored.
        has_new_token: whether the browser must be told.
    """

    def __init__(self, find: Callable[[], Kept]) -> None:
        self._find = find
        self._kept: Kept | None = None
        self.modified = False
        self.has_new_token = False

    @property
    def is_loaded(self) -> bool:
        """Tell whether anybody asked."""
        return self._kept is not None

    @property
    def kept(self) -> Kept:
        """Give what is kept.

        When that cannot be found out, it raises once and is empty from then on: the page that tells
        about the failure asks again.
        """
        if self._kept is None:
            self._kept = Kept()
            self._kept = self._find()
        return self._kept

    def become(self, kept: Kept) -> None:
        """Go on as another one: known by a new token, or by none after signing out."""
        self._kept = kept
        self.has_new_token = True
        self.modified = True

    def __getitem__(self, key: str) -> Any:
        return self.kept.data[key]

    def __setitem__(self, key: str, value: Any) -> None:
        self.kept.data[key] = value
        self.modified = True

    def __delitem__(self, key: str) -> None:
        del self.kept.data[key]
        self.modified = True

    def __iter__(self) -> Iterator[str]:
        return iter(self.kept.data)

    def __len__(self) -> int:
        return len(self.kept.data)


class WebSessions(SessionInterface):
    """Opens and stores sessions for Flask.

    Args:
        cookie: by which browsers are known again.
    """

    def __init__(self, cookie: Cookie) -> None:
        self._cookie = cookie

    def open_session(self, app: Flask, request: Request) -> WebSession:  # noqa: ARG002 - Flask's signature
        """Give the session of a request, not looked up yet."""
        token = read_token(request.cookies.get(self._cookie.name))
        return WebSession(lambda: _find(token) if token else Kept())

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:  # noqa: ARG002 - as above
        """Store what changed, and tell the browser its token when that is new."""
        if not isinstance(session, WebSession) or not session.is_loaded:
            return
        response.vary.add("Cookie")
        kept = session.kept
        if kept.row is not None:
            _store_row(kept.row, kept.data if session.modified else None)
        elif session.modified and (kept.data or kept.token):
            try:
                keep_visitor(session)
            except SignInAwayError:
                # The page was made already, and the door it leads to says what is wrong.
                return
        if session.has_new_token:
            self._tell(kept, response)

    def _tell(self, kept: Kept, response: Response) -> None:
        if kept.token is None:
            self._cookie.delete(response)
            return
        now = services().shared.clock.now()
        seconds = None if kept.row is None else round((kept.row.expires_at - now).total_seconds())
        self._cookie.set(response, kept.token, seconds)


def current() -> WebSession:
    """Give the session of the request at hand, as ours."""
    found = session._get_current_object()  # type: ignore[attr-defined] # noqa: SLF001 - werkzeug's way
    if not isinstance(found, WebSession):
        raise TypeError("this application keeps its sessions in another way")
    return found


def keep_visitor(visitor: WebSession) -> None:
    """Store a session of somebody who is not signed in, now: whoever goes to Discord must be known again.

    Raises:
        SignInAwayError: it cannot be stored.
    """
    kept = visitor.kept
    if kept.token is None:
        kept.token = make_token()
        visitor.has_new_token = True
    services().cache.put(Shelf.VISITOR, kept.token, kept.data)
    visitor.modified = False


def hash_of(token: Secret) -> str:
    """Give what the database keeps of a token. It is random and long, so a plain hash is enough."""
    return sha256(token.reveal().encode()).hexdigest()


def _find(token: Secret) -> Kept:
    parts = services()
    row = accounts.find_session(parts.session(), hash_of(token), parts.shared.clock.now())
    if row is not None:
        return Kept(token, row, dict(row.data))
    try:
        data = parts.cache.find(Shelf.VISITOR, token)
    except SignInAwayError:
        data = None
    # A token that we do not know is never taken over: whoever planted it would know it too.
    return Kept() if data is None else Kept(token, None, data)


def _store_row(row: SessionView, data: dict[str, Any] | None) -> None:
    """Keep what changed, and now and then that the session is used."""
    shared = services().shared
    now = shared.clock.now()
    if data is None and now - row.last_seen_at < SEEN_EVERY:
        return
    try:
        with shared.unit_of_work() as uow:
            service.save_session(uow, row.id, data, now)
            uow.commit()
    except SQLAlchemyError as error:
        # The answer stands; what is lost is a notice, or that the person was here this minute.
        _log.warning("a session was not stored: %s", type(error).__name__)
