"""The switch on the Settings tab that lets people with Manage Server set things for their own server."""

from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from socialcube.domain.access.types import Permission
from socialcube.domain.guilds import service
from socialcube.web import guard, identity
from socialcube.web.answers import back_to, done
from socialcube.web.context import services
from socialcube.web.pages.bots.blueprint import blueprint

_CLOSED = "Server managers can change nothing any more."
_OPEN = "Server managers may change their server's settings."


@blueprint.post("/<uuid:bot_id>/managers")
@guard.needs(Permission.BOT_EDIT)
@guard.recent
@back_to("bot.show_settings")
def choose_managers(bot_id: UUID) -> ResponseReturnValue:
    """Say what people with Manage Server may change."""
    guard.bot(bot_id, Permission.BOT_EDIT)
    with services().unit_of_work() as uow:
        rules = service.set_manager_rules(
            uow,
            identity.actor(),
            bot_id,
            is_open="is_open" in request.form,
            may_switch_commands="may_switch_commands" in request.form,
        )
        uow.commit()
    url = url_for("bot.show_settings", bot_id=bot_id, _anchor="managers")
    return done(_OPEN if rules.is_open else _CLOSED, url)
