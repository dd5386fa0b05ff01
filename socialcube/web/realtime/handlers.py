"""What a page may say over the socket, and what it is answered."""

from collections.abc import Mapping
from typing import Any, Final

from flask import request
from flask_socketio import ConnectionRefusedError as RefusedError
from flask_socketio import SocketIO

from socialcube.infra.socket_tickets import SocketTickets, TicketsAwayError
from socialcube.kernel.errors import SocialCubeError
from socialcube.web import identity
from socialcube.web.realtime.hub import Hub
from socialcube.web.realtime.messages import UNWATCH, WATCH
from socialcube.web.realtime.viewers import Viewer

_REFUSED: Final = "Ask for a new ticket, then connect again."
_TOO_MANY: Final = "Too many pages are open in this browser."


def register(sockets: SocketIO, hub: Hub, tickets: SocketTickets) -> None:
    """Bind the events of the protocol to the hub."""

    def on_connect(auth: object = None) -> None:
        viewer = _let_in(tickets, auth)
        if not hub.enter(viewer):
            raise RefusedError(_TOO_MANY)

    def on_disconnect(_reason: object = None) -> None:
        hub.leave(_sid())

    def on_watch(given: object = None) -> dict[str, Any]:
        words = given if isinstance(given, Mapping) else {}
        options = words.get("options")
        try:
            began = hub.watch(
                _sid(),
                str(words.get("watch", "")),
                str(words.get("topic", "")),
                options if isinstance(options, Mapping) else {},
            )
        except SocialCubeError as error:
            return {"error": {"code": error.code, "message": error.message}}
        return {"ok": began}

    def on_unwatch(given: object = None) -> None:
        hub.unwatch(_sid(), str(given))

    sockets.on_event("connect", on_connect)
    sockets.on_event("disconnect", on_disconnect)
    sockets.on_event(WATCH, on_watch)
    sockets.on_event(UNWATCH, on_unwatch)


def _let_in(tickets: SocketTickets, auth: object) -> Viewer:
    """Check the ticket against the cookie of the same browser. Either alone opens nothing."""
    given = auth.get("ticket") if isinstance(auth, Mapping) else None
    person = identity.find_person()
    try:
        session_id = tickets.take(given) if isinstance(given, str) else None
    except TicketsAwayError:
        session_id = None
    if person is None or session_id is None or session_id != person.session.id:
        raise RefusedError(_REFUSED)
    return Viewer(sid=_sid(), session_id=session_id, user_id=person.view.id, actor=person.actor)


def _sid() -> str:
    # Flask-SocketIO puts it there for the time of one event.
    return str(getattr(request, "sid"))  # noqa: B009 - Flask's type does not know the attribute
