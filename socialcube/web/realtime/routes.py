"""The live channel's doors over HTTP: its ticket, and the same truth for pages without a socket."""

from typing import Final
from uuid import UUID

from flask import Blueprint, Flask, Response, current_app, jsonify, request

from socialcube.domain.access.policy import scope
from socialcube.domain.access.types import Permission
from socialcube.domain.jobs import queries as jobs
from socialcube.domain.jobs.errors import JobNotFoundError
from socialcube.domain.logs.types import Stream
from socialcube.infra.socket_tickets import SocketTickets
from socialcube.kernel.errors import ForbiddenError, InvalidInputError
from socialcube.web import guard, identity
from socialcube.web.auth import limits
from socialcube.web.context import services, services_of
from socialcube.web.realtime import history
from socialcube.web.realtime.bot_states import BotStates
from socialcube.web.realtime.filters import parse_filter
from socialcube.web.realtime.jobs_feed import may_see, to_job
from socialcube.web.realtime.lines import to_line
from socialcube.web.realtime.rooms import RoomKey
from socialcube.web.realtime.sights import find_sight, narrow
from socialcube.web.realtime.source import BotNames
from socialcube.web.shell.choice import chosen_bots

blueprint: Final = Blueprint("realtime", __name__, url_prefix="/admin/live")

_TICKETS: Final = "socialcube.tickets"
_NAMES: Final = "socialcube.bot_names"
_NEWEST_ROWS: Final = 100
_MAX_ID: Final = (1 << 63) - 1
"""The greatest id that a column holds."""


def init_app(app: Flask) -> None:
    """Open the doors."""
    shared = services_of(app).shared
    app.extensions[_TICKETS] = SocketTickets(
        shared.settings.redis_url, namespace=shared.settings.socketio_channel, clock=shared.clock
    )
    # Pages without a socket ask every second: they share what was read of names.
    app.extensions[_NAMES] = BotNames(shared.reads, shared.clock.monotonic)
    app.register_blueprint(blueprint)


@blueprint.post("/ticket")
@guard.signed_in
def ticket() -> Response:
    """Give a ticket that opens one socket for the browser that asks."""
    limits.politely(limits.TICKETS)
    tickets: SocketTickets = current_app.extensions[_TICKETS]
    return jsonify(ticket=tickets.issue(identity.person().session.id).reveal())


@blueprint.get("/rows")
@guard.signed_in
def rows() -> Response:
    """Give rows after `since` of a `stream` under a filter, or the newest ones without it."""
    stream = _stream(request.args.get("stream", ""))
    key = room_key(stream)
    session = services().session()
    since = request.args.get("since", type=int)
    if since is None:
        found = history.read_newest(session, stream, _NEWEST_ROWS, key)
    else:
        found = history.read_since(session, stream, min(max(since, 0), _MAX_ID), key)
    names: BotNames = current_app.extensions[_NAMES]
    lines = [to_line(row, names.name_of(getattr(row.record, "bot_id", None))) for row in found.rows]
    return jsonify(rows=lines, to=found.to, more=found.has_more)


@blueprint.get("/bots")
@guard.signed_in
def bots() -> Response:
    """Give how the bots are."""
    seen = scope(identity.actor(), Permission.BOT_VIEW)
    shared = services().shared
    states = BotStates(shared.reads, now=shared.clock.now, lease_seconds=shared.settings.fleet.lease_seconds)
    return jsonify(bots=[bot for bot_id, bot in states.read().items() if seen.allows(bot_id)])


@blueprint.get("/jobs/<uuid:job_id>")
@guard.signed_in
def job(job_id: UUID) -> Response:
    """Give how a job goes on."""
    found = jobs.find_job(services().session(), job_id)
    if found is None or not may_see(identity.actor(), found):
        raise JobNotFoundError(job_id=job_id)
    return jsonify(to_job(found))


def room_key(stream: Stream) -> RoomKey:
    """Give what the person sees of a stream under the filter in the address.

    Raises:
        ForbiddenError: it is nothing.
        InvalidInputError: the filter makes no sense.
    """
    sight = find_sight(identity.actor(), stream)
    if sight is None:
        needed = Permission.SYSTEM_VIEW if stream is Stream.REQUESTS else Permission.LOG_VIEW
        raise ForbiddenError(permission=needed.value)
    chosen = chosen_bots(services().session(), request.args.get("only", ""))
    return RoomKey(parse_filter(request.args), narrow(stream, sight, chosen))


def _stream(text: str) -> Stream:
    try:
        return Stream(text)
    except ValueError as error:
        raise InvalidInputError(reason="there is no such log") from error
