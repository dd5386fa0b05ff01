"""Step 2: what the bot may see, and how it gets into a server."""

from typing import Any
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from socialcube.domain.access.types import Permission
from socialcube.infra import sandbox_door
from socialcube.kernel.errors import InvalidInputError
from socialcube.web import guard
from socialcube.web.answers import done
from socialcube.web.context import settings
from socialcube.web.pages.bots.seeing import choose_intents
from socialcube.web.pages.new_bot.blueprint import blueprint
from socialcube.web.pages.new_bot.checking import NoSandboxError
from socialcube.web.pages.sight import intents_of


class NoServerChosenError(InvalidInputError):
    """Choose one of the servers on the page."""

    code = "no_server_chosen"


@blueprint.post("/<uuid:bot_id>/sight")
@guard.needs(Permission.BOT_EDIT)
def choose_sight(bot_id: UUID) -> ResponseReturnValue:
    """Keep what the bot may see, and go on to the first command."""
    bot = guard.bot(bot_id, Permission.BOT_EDIT)
    preset = request.form.get("preset", "")
    job_id = request.form.get("job", type=UUID)
    step = "sight" if request.form.get("stay") else "command"
    asked = choose_intents(bot, intents_of(request.form.getlist("sight")))
    url = url_for("new_bot.show", bot=bot_id, step=step, preset=preset or None, job=job_id, seeing=asked)
    return done("", url)


@blueprint.post("/<uuid:bot_id>/join")
@guard.needs(Permission.BOT_EDIT)
def join(bot_id: UUID) -> ResponseReturnValue:
    """Let the bot into a server of the sandbox. At Discord the invitation does that."""
    bot, sandbox = guard.bot(bot_id, Permission.BOT_EDIT), settings().sandbox
    if sandbox is None:
        raise NoSandboxError
    guild_id = request.form.get("guild", type=int)
    if guild_id is None:
        raise NoServerChosenError
    sandbox_door.add_to_guild(sandbox, bot.external_id, guild_id)
    kept: dict[str, Any] = {key: request.form[key] for key in ("preset", "job") if request.form.get(key)}
    return done("It joins the server.", url_for("new_bot.show", bot=bot_id, step="sight", **kept))
