"""Step 3: the first command, from a template, live in one server."""

from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from socialcube.domain.access.types import Permission
from socialcube.domain.commands import service
from socialcube.domain.guilds import queries as guilds
from socialcube.kernel.errors import ConflictError, InvalidInputError
from socialcube.web import guard, identity
from socialcube.web.answers import done, refused
from socialcube.web.context import services
from socialcube.web.pages.new_bot.blueprint import blueprint
from socialcube.web.pages.new_bot.joining import NoServerChosenError
from socialcube.web.pages.new_bot.templates import get_template

_NOTE = "The first command"


@blueprint.post("/<uuid:bot_id>/command")
@guard.needs(Permission.COMMAND_PUBLISH)
def publish(bot_id: UUID) -> ResponseReturnValue:
    """Make the template's command and publish it to one server."""
    guard.bot(bot_id, Permission.COMMAND_PUBLISH)
    guild_id = request.form.get("guild", type=int)
    url = url_for("new_bot.show", bot=bot_id, step="command", job=request.form.get("job", type=UUID))
    try:
        if guild_id is None:
            raise NoServerChosenError
        document = get_template(request.form.get("template", "")).document
        guilds.check_is_in_guild(services().session(), bot_id, guild_id)
        with services().unit_of_work() as uow:
            service.create_draft(uow, identity.actor(), bot_id, document)
            service.publish(uow, identity.actor(), bot_id, document.name, note=_NOTE, guild_id=guild_id)
            uow.commit()
    except (InvalidInputError, ConflictError) as error:
        return refused(error, url)
    return done(f"/{document.name} is live. Now type it in the server.", url)
