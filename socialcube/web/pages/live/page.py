"""The live page: what the server says first, and without script says alone."""

from datetime import datetime
from typing import Any, Final

from flask import Blueprint, Response, jsonify, render_template, request

from socialcube.domain.access.policy import scope
from socialcube.domain.access.types import Permission
from socialcube.domain.bots import queries as bots
from socialcube.domain.logs.types import Level, Stream
from socialcube.web import guard, identity
from socialcube.web.context import services
from socialcube.web.pages.live import streams
from socialcube.web.pages.live.streams import LABELS, Chip
from socialcube.web.realtime import history
from socialcube.web.realtime.filters import LiveFilter, parse_filter
from socialcube.web.realtime.lines import to_line
from socialcube.web.realtime.rooms import RoomKey
from socialcube.web.realtime.sights import Sight
from socialcube.web.shell.choice import find_choice, shown

blueprint: Final = Blueprint("live", __name__, url_prefix="/admin/live")

SHOWN_ROWS: Final = 100
LEVELS: Final = (
    ("", "Level: all"),
    (Level.INFO, "Info and worse"),
    (Level.WARNING, "Warnings and worse"),
    (Level.ERROR, "Errors only"),
)


@blueprint.get("")
@guard.needs(Permission.LOG_VIEW)
def show() -> str:
    """Show the newest rows of the chosen logs."""
    sights = streams.list_sights(identity.actor(), find_choice())
    chosen = streams.choose(request.args.getlist("log"), sights)
    session = services().session()
    seen = shown(scope(identity.actor(), Permission.LOG_VIEW))
    known = bots.list_bots(session, scope=seen)
    rates = streams.list_rates(session, sights, services().shared.clock.now())
    names = {bot.id: bot.name for bot in known}
    lines, cursors = _read(parse_filter(request.args), {each: sights[each] for each in chosen}, names)
    return render_template(
        "pages/live/show.html",
        active="live",
        chips=[Chip(each, LABELS[each], each in chosen, rates[each]) for each in sights],
        levels=LEVELS,
        bots=known,
        lines=lines,
        cursors=cursors,
        choice=find_choice(),
    )


@blueprint.get("/rates")
@guard.needs(Permission.LOG_VIEW)
def rates() -> Response:
    """Give how much came in the last minute, by log."""
    sights = streams.list_sights(identity.actor(), find_choice())
    found = streams.list_rates(services().session(), sights, services().shared.clock.now())
    return jsonify({stream.value: rate for stream, rate in found.items()})


def _read(
    wanted: LiveFilter, sights: dict[Stream, Sight], names: dict[Any, str]
) -> tuple[list[dict[str, Any]], dict[str, int]]:
    """Read the newest lines of several logs, and the id up to which each was read."""
    session = services().session()
    found = []
    cursors = {}
    for stream, sight in sights.items():
        stretch = history.read_newest(session, stream, SHOWN_ROWS, RoomKey(wanted, sight))
        cursors[stream.value] = stretch.to
        found += [to_line(row, names.get(getattr(row.record, "bot_id", None), "")) for row in stretch.rows]
    found.sort(key=_moment)
    return found[-SHOWN_ROWS:], cursors


def _moment(line: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(line["at"])
