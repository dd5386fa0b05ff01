"""Bots that were deleted: for thirty days everything but their token can come back."""

from dataclasses import dataclass
from uuid import UUID

from flask import render_template, url_for
from flask.typing import ResponseReturnValue

from socialcube.domain.access.policy import can, scope
from socialcube.domain.access.types import Permission, Subject
from socialcube.domain.bots import queries, service
from socialcube.domain.bots.errors import BotNotFoundError
from socialcube.domain.bots.policy import KEPT
from socialcube.domain.bots.types import DeletedBot
from socialcube.web import guard, identity
from socialcube.web.answers import back_to, done
from socialcube.web.context import services
from socialcube.web.names import name_actor
from socialcube.web.pages.bots.blueprint import blueprint


@dataclass(frozen=True, slots=True)
class DeletedRow:
    """A deleted bot in the list.

    Attributes:
        deleted_by: the name of whoever did it.
    """

    bot: DeletedBot
    deleted_by: str


@blueprint.get("/deleted")
@guard.needs(Permission.BOT_DELETE)
def show_deleted() -> str:
    """List the deleted bots that this person may restore."""
    found = queries.list_deleted(services().session(), scope=scope(identity.actor(), Permission.BOT_DELETE))
    rows = [DeletedRow(bot, name_actor(bot.deleted_by) if bot.deleted_by else "—") for bot in found]
    return render_template("pages/bot/deleted.html", rows=rows, days=KEPT.days)


@blueprint.post("/deleted/<uuid:bot_id>/restore")
@guard.needs(Permission.BOT_DELETE)
@guard.recent
@back_to("bot.show_deleted")
def restore(bot_id: UUID) -> ResponseReturnValue:
    """Bring a deleted bot back. It starts once it has a token again.

    Raises:
        BotNotFoundError: none is deleted that this person may restore.
    """
    bot = queries.find_deleted(services().session(), bot_id)
    if bot is None or not can(identity.actor(), Permission.BOT_DELETE, Subject.bot(bot_id)):
        raise BotNotFoundError(ref=bot_id)
    with services().unit_of_work() as uow:
        service.restore_bot(uow, identity.actor(), bot_id)
        uow.commit()
    may_set_token = can(identity.actor(), Permission.BOT_TOKEN, Subject.bot(bot_id))
    where = ("bot.show_settings", "token") if may_set_token else ("bot.show", None)
    url = url_for(where[0], bot_id=bot_id, _anchor=where[1])
    return done(f"{bot.name} is back, without its token. Give it one, then start it.", url)
