"""Taking a bot out of a server."""

from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from socialcube.domain.access.types import Permission
from socialcube.domain.guilds import queries, service
from socialcube.web import guard, identity
from socialcube.web.answers import back_to, done
from socialcube.web.auth import limits
from socialcube.web.context import services
from socialcube.web.pages.guilds.blueprint import blueprint


@blueprint.post("/bots/<uuid:bot_id>/servers/<uuid:guild_id>/leave")
@guard.needs(Permission.BOT_CONTROL)
@back_to("guild.show")
def leave(bot_id: UUID, guild_id: UUID) -> ResponseReturnValue:
    """Ask the bot's runner to leave the server, once its name was typed."""
    # What the bot is in is told to those only who may see its servers; the form stands on their page.
    guard.bot(bot_id, Permission.GUILD_VIEW)
    bot = guard.bot(bot_id, Permission.BOT_CONTROL)
    limits.politely(limits.QUESTIONS)
    with services().unit_of_work() as uow:
        name = queries.get_guild(uow.session, bot_id, guild_id).name
        typed = request.form.get("name", "")
        job_id = service.ask_leaving(uow, identity.actor(), bot_id, guild_id, typed=typed)
        uow.commit()
    url = url_for("guild.show", guild_id=guild_id, bot_id=bot_id, job=job_id, _anchor="leave")
    return done(f"{bot.name} is asked to leave {name}.", url)
