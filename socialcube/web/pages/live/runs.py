"""The page of one row: the panel of the live page, with an address of its own."""

from typing import Final
from uuid import UUID

from flask import Blueprint, render_template, request

from socialcube.domain.bots import queries as bots
from socialcube.domain.logs import queries as logs
from socialcube.domain.logs.errors import LogRowNotFoundError
from socialcube.domain.logs.types import Stream
from socialcube.kernel.errors import NotFoundError
from socialcube.web import guard, identity
from socialcube.web.context import services
from socialcube.web.pages.live.details import describe
from socialcube.web.realtime.sights import find_sight

blueprint: Final = Blueprint("runs", __name__, url_prefix="/admin/runs")


@blueprint.get("/<uuid:run_id>")
@guard.signed_in
def show(run_id: UUID) -> str:
    """Show a row of the log that `log` names, command runs without it; `part` leaves out the page around."""
    stream = _stream(request.args.get("log", Stream.COMMANDS.value))
    session = services().session()
    sight = find_sight(identity.actor(), stream)
    run = logs.find_run(session, run_id) if stream is Stream.COMMANDS else None
    row = run.run if run else logs.find_row(session, stream, run_id)
    # A foreign row and one that never was answer alike.
    if row is None or sight is None or not sight.allows(row.record):
        raise LogRowNotFoundError(event_id=run_id)
    bot_id = getattr(row.record, "bot_id", None)
    bot = bots.find_bot(session, bot_id) if bot_id else None
    template = "part" if "part" in request.args else "page"
    return render_template(
        f"pages/live/run_{template}.html",
        active="live",
        run=describe(row, bot),
        error=describe(run.error, None) if run and run.error else None,
        events=[describe(event, None) for event in run.events] if run else [],
    )


def _stream(text: str) -> Stream:
    try:
        return Stream(text)
    except ValueError:
        raise NotFoundError(kind="log") from None
