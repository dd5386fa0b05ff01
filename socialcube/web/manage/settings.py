"""The settings of one bot in one server, for the server's managers."""

from typing import Any, Final
from uuid import UUID

from flask import flash, redirect, request, url_for
from flask.typing import ResponseReturnValue

from socialcube.domain.access.types import Permission, Subject
from socialcube.domain.bots.types import BotView
from socialcube.domain.commands import queries as commands
from socialcube.domain.guilds import queries
from socialcube.domain.guilds.errors import BotNotInGuildError, SettingsInvalidError
from socialcube.domain.guilds.types import OpenServer
from socialcube.kernel.errors import ForbiddenError, VersionConflictError
from socialcube.web import denials, guard, identity
from socialcube.web.admin.forms import server_settings
from socialcube.web.admin.forms.conflicts import show_both
from socialcube.web.admin.forms.server_settings import ServerSettingsForm
from socialcube.web.admin.forms.views import TOOLS
from socialcube.web.context import services
from socialcube.web.manage.blueprint import SERVER, blueprint
from socialcube.web.manage.checking import begin
from socialcube.web.manage.errors import BotNotOpenError
from socialcube.web.manage.history import list_changes
from socialcube.web.manage.pages import bots_of, render, show_standing
from socialcube.web.manage.standing import Look, Standing, as_manager, look

AGAIN: Final = "again"
"""Name of the button that asks Discord once more."""

_CONFLICT: Final = 409
_REFUSED: Final = 422


@blueprint.get(f"{SERVER}/<uuid:bot_id>/")
@guard.signed_in
def show_settings(server: int, bot_id: UUID) -> ResponseReturnValue:
    """Show what is set, once Discord said that the person manages the server."""
    found = look(server)
    if found.standing is not Standing.OPEN or found.server is None:
        return show_standing(server, found)
    bot = _find_bot(found, bot_id)
    return _render(found, found.server, bot, _fill(found.server, bot_id, None))


@blueprint.post(f"{SERVER}/<uuid:bot_id>/")
@guard.signed_in
def save(server: int, bot_id: UUID) -> ResponseReturnValue:
    """Save what was typed. If the check is too old it is made again first, and nothing typed is lost."""
    found = look(server)
    if found.standing is Standing.UNCHECKED or AGAIN in request.form:
        begin(server)
        found = look(server)
    if found.standing is not Standing.OPEN or found.server is None:
        return _hold(server, found, bot_id)
    bot = _find_bot(found, bot_id)
    form = _fill(found.server, bot_id, request.form)
    try:
        if form.validate() and _save(found.server, bot_id, form):
            flash("Your changes were saved.", "success")
            return redirect(url_for("manage.show_settings", server=server, bot_id=bot_id), 303)
    except ForbiddenError:
        # The right ran out, or was taken away, after the first look.
        return _hold(server, look(server), bot_id)
    return _render(found, found.server, bot, form), _CONFLICT if form.has_conflict else _REFUSED


def _save(server: OpenServer, bot_id: UUID, form: ServerSettingsForm) -> bool:
    """Save in one unit, in which the right is looked up again. Gives whether it was saved."""
    try:
        with services().unit_of_work() as uow:
            actor = as_manager(identity.person(), uow.session)
            server_settings.save(uow, actor, bot_id, server.face.id, form)
            uow.commit()
    except VersionConflictError:
        show_both(form, _fill(server, bot_id, None))
        return False
    except SettingsInvalidError as error:
        server_settings.tell(form, error)
        return False
    except BotNotInGuildError as error:
        # Its own words name the other servers of the bot.
        raise BotNotOpenError from error
    return True


def _hold(server: int, found: Look, bot_id: UUID) -> ResponseReturnValue:
    """Keep what was typed in the page that says why it is not saved, or not yet."""
    if found.standing is Standing.REFUSED:
        denials.note_denied(Permission.GUILD_EDIT, Subject("guild", str(server), bot_id))
    kept = [item for item in request.form.items(multi=True) if item[0] not in {"csrf_token", AGAIN}]
    return show_standing(server, found, kept=kept)


def _find_bot(found: Look, bot_id: UUID) -> BotView:
    """Find a bot that lets the managers of this server in.

    Raises:
        BotNotOpenError: it does not, it is not there, or there is none: all look alike.
    """
    for bot in bots_of(found):
        if bot.id == bot_id:
            return bot
    raise BotNotOpenError


def _fill(server: OpenServer, bot_id: UUID, sent: Any) -> ServerSettingsForm:
    session, guild_id = services().session(), server.face.id
    offered = _commands(bot_id, server.face.external_id)
    try:
        return server_settings.fill(session, bot_id, guild_id, commands=offered, sent=sent)
    except BotNotInGuildError as error:
        raise BotNotOpenError from error


def _commands(bot_id: UUID, external_id: int) -> list[tuple[str, str]] | None:
    """Give the commands that people see in this server, if its managers may switch them. No drafts."""
    session = services().session()
    if not queries.get_manager_rules(session, bot_id).may_switch_commands:
        return None
    live = commands.list_published(session, bot_id)
    here = [item for item in live if item.guild_id in {None, external_id}]
    return sorted(((str(item.command_id), f"/{item.name}") for item in here), key=lambda pair: pair[1])


def _render(found: Look, server: OpenServer, bot: BotView, form: ServerSettingsForm) -> str:
    return render(
        "manage/settings.html",
        server=server.face,
        bot=bot,
        others=[other for other in bots_of(found) if other.id != bot.id],
        form=form,
        sections=server_settings.sections_of(form),
        changes=list_changes(bot.id, server.face.id),
        **TOOLS,
    )
