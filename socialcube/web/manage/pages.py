"""The list of somebody's servers, and the pages of one server around its settings."""

from typing import Any, Final

from flask import redirect, render_template, url_for
from flask.typing import ResponseReturnValue

from socialcube.domain.access.types import Scope
from socialcube.domain.bots import queries as bots
from socialcube.domain.bots.types import BotView, Platform
from socialcube.domain.guilds import queries
from socialcube.web import found_servers, guard, identity
from socialcube.web.context import services, settings
from socialcube.web.manage.blueprint import SERVER, blueprint
from socialcube.web.manage.standing import Look, Standing, look

_STATUS: Final = {Standing.REFUSED: 404, Standing.OFFLINE: 503, Standing.AWAY: 503}


@blueprint.get("/")
@guard.signed_in
def show_servers() -> str:
    """List the servers that the person was seen to manage, and the way to find others."""
    session, person = services().session(), identity.person()
    known = queries.list_known_servers(session, Platform.DISCORD, person.view.external_id)
    listed = found_servers.find()
    found = queries.list_open_servers(session, Platform.DISCORD, listed or [])
    servers = {server.face.id: server for server in [*known, *found]}
    return render(
        "manage/servers.html",
        servers=sorted(servers.values(), key=lambda server: (server.face.name, server.face.external_id)),
        is_listed=listed is not None,
        can_find=bool(settings().discord.client_id),
    )


@blueprint.get(f"{SERVER}/")
@guard.signed_in
def show_server(server: int) -> ResponseReturnValue:
    """Show the bots of a server, or lead on where there is one only."""
    found = look(server)
    if found.standing is not Standing.OPEN or found.server is None:
        return show_standing(server, found)
    there = bots_of(found)
    if len(there) == 1:
        return redirect(url_for("manage.show_settings", server=server, bot_id=there[0].id))
    return render("manage/bots.html", server=found.server.face, bots=there)


def show_standing(server: int, found: Look, **values: Any) -> tuple[str, int]:
    """Say why a server is not open, or not yet. To strangers all reasons look alike.

    Args:
        server: the platform's id, as it was asked for.
        found: where the person stands.
        values: `kept`, what was typed and could not be saved yet.
    """
    face = found.server.face if found.server else None
    page = render(
        "manage/standing.html", server=face, external_id=server, standing=found.standing.value, **values
    )
    return page, _STATUS.get(found.standing, 200)


def bots_of(found: Look) -> list[BotView]:
    """List the bots of a server whose settings the person may see, by name."""
    scope = Scope(is_all=False, bot_ids=frozenset(found.bot_ids))
    return bots.list_bots(services().session(), scope=scope)


def render(template: str, *, server: Any = None, **values: Any) -> str:
    """Draw a page in the shell of server managers."""
    return render_template(template, server=server, may_panel=identity.person().may_something, **values)
