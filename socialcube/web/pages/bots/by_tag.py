"""Starts, stops or restarts all bots of a tag, a few at a time."""

from typing import Final

from flask import request, url_for
from flask.typing import ResponseReturnValue

from socialcube.domain.access.types import Permission
from socialcube.domain.bots import queries
from socialcube.domain.bots.types import BulkAction
from socialcube.kernel.errors import InvalidInputError
from socialcube.web import guard, identity
from socialcube.web.answers import done, refused
from socialcube.web.auth import limits
from socialcube.web.context import services
from socialcube.web.pages.bots.blueprint import blueprint
from socialcube.web.pages.bots.bulk import ask_worker, say_wish

_MAX_SHOWN: Final = 32


class NothingTaggedError(InvalidInputError):
    """No bot that you may start and stop has the tag “{tag}”."""

    code = "nothing_tagged"
    remedy = "Choose another tag, or give bots this one in their settings."


class UnknownWishError(InvalidInputError):
    """Bots can be started, stopped and restarted; this was something else."""

    code = "unknown_wish"
    remedy = "Press one of the three buttons below the tag."


@blueprint.post("/by-tag")
@guard.needs(Permission.BOT_CONTROL)
def change_by_tag() -> ResponseReturnValue:
    """Let a worker wish it of each of these bots; the list shows how far it is."""
    url = url_for("bots.index_view")
    try:
        action, tag = _read_action(), request.form.get("tag", "").strip()
        limits.politely(limits.QUESTIONS)
        session = services().session()
        scope = identity.scope(Permission.BOT_CONTROL)
        bot_ids = [bot.id for bot in queries.list_bots(session, scope=scope, tags=[tag])]
        if not bot_ids:
            raise NothingTaggedError(tag=tag[:_MAX_SHOWN])
        ask_worker(action, bot_ids)
    except InvalidInputError as error:
        return refused(error, url)
    return done(say_wish(action, len(bot_ids)), url)


def _read_action() -> BulkAction:
    try:
        return BulkAction(request.form.get("action", ""))
    except ValueError:
        raise UnknownWishError from None
