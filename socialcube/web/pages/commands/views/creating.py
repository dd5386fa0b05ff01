"""Begins a command."""

from typing import Any, Final

from flask import redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from socialcube.domain.access.types import Permission
from socialcube.domain.bots import queries as bots
from socialcube.domain.bots.types import BotView
from socialcube.domain.commands import service
from socialcube.domain.commands.errors import CommandExistsError, CommandsInvalidError
from socialcube.engine.spec import SCHEMA
from socialcube.web import guard, identity
from socialcube.web.context import services
from socialcube.web.pages.commands.blueprint import blueprint
from socialcube.web.pages.commands.choosing import asked_bot
from socialcube.web.pages.commands.showing.places import by_place
from socialcube.web.pages.commands.views.storing import parse

_GREETING: Final[dict[str, Any]] = {
    "id": "reply",
    "type": "reply",
    "params": {"text": "Hello {{ user.display_name }}!"},
}


@blueprint.route("/new", methods=["GET", "POST"])
@guard.needs(Permission.COMMAND_EDIT)
def create() -> ResponseReturnValue:
    """Ask for a name and a description; the rest is the editor's."""
    bot = asked_bot(Permission.COMMAND_EDIT)
    if request.method == "GET" or bot is None:
        return _render(bot, {})
    document = {
        "schema": SCHEMA,
        "name": request.form.get("name", "").strip().removeprefix("/"),
        "description": request.form.get("description", "").strip(),
        "steps": [_GREETING],
    }
    try:
        with services().unit_of_work() as uow:
            command_id = service.create_draft(uow, identity.actor(), bot.id, parse(document))
            uow.commit()
    except CommandsInvalidError as error:
        return _render(bot, by_place(error.problems)), 422
    except CommandExistsError as error:
        return _render(bot, {"name": f"{error.message} {error.remedy}"}), 422
    return redirect(url_for("command.show", command_id=command_id), 303)


def _render(bot: BotView | None, problems: dict[str, str]) -> str:
    scope = identity.scope(Permission.COMMAND_EDIT)
    return render_template(
        "pages/command/new.html",
        bot=bot,
        bots=bots.list_bots(services().session(), scope=scope),
        problems=problems,
        typed=request.form,
    )
