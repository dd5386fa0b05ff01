"""Asks Discord, through a bot of the server, whether the person manages it."""

from typing import Final
from uuid import UUID

from flask import Response, jsonify, redirect, url_for
from flask.typing import ResponseReturnValue

from socialcube.domain.access.types import Scope
from socialcube.domain.bots import queries as bots
from socialcube.domain.bots.types import GatewayState, Platform, ProcessState
from socialcube.domain.guilds import queries, service
from socialcube.domain.guilds.types import OpenServer
from socialcube.domain.placements import queries as placements
from socialcube.infra.rate_limits import Limit
from socialcube.infra.session_cache import SignInAwayError
from socialcube.web import found_servers, guard, identity
from socialcube.web.context import services, settings
from socialcube.web.manage.blueprint import SERVER, blueprint
from socialcube.web.manage.errors import ChecksAwayError
from socialcube.web.manage.standing import Asked, Standing, find_asked, look, remember

_CHECKS: Final = Limit("manager-checks", tries=30, minutes=10)


@blueprint.get(f"{SERVER}/check")
@guard.signed_in
def tell(server: int) -> Response:
    """Tell how the check goes on, for the page that waits for it."""
    return jsonify(standing=look(server).standing.value)


@blueprint.post(f"{SERVER}/check")
@guard.signed_in
def ask(server: int) -> ResponseReturnValue:
    """Begin a check, unless one is under way."""
    begin(server)
    return redirect(url_for("manage.show_server", server=server), 303)


def begin(external_id: int) -> None:
    """Ask about the person and nobody else. A server that is not here is asked about in the same way.

    Raises:
        TooManyTriesError: the person asked too often.
        ChecksAwayError: nobody can tell how often.
    """
    if look(external_id).standing is Standing.CHECKING:
        return
    person = identity.person()
    try:
        services().limits.note(_CHECKS, str(person.view.id))
    except SignInAwayError as error:
        raise ChecksAwayError from error
    server = queries.find_open_server(services().session(), Platform.DISCORD, external_id)
    job_id = None if server is None else _ask(server)
    asked = Asked(services().shared.clock.now(), job_id, server is not None and _is_known(server))
    remember(external_id, asked)


def _ask(server: OpenServer) -> UUID | None:
    """Ask through a bot of the server that is online; None when there is none."""
    bot_id = _find_online(server)
    if bot_id is None:
        return None
    person = identity.person()
    with services().unit_of_work() as uow:
        job_id = service.ask_manager_check(uow, person.actor, server, bot_id, person.view.external_id)
        uow.commit()
    return job_id


def _find_online(server: OpenServer) -> UUID | None:
    session = services().session()
    within = settings().fleet.lease_seconds
    living = {runner.id for runner in placements.list_living_runners(session, within=within)}
    scope = Scope(is_all=False, bot_ids=frozenset(server.bot_ids))
    for bot in bots.list_bots(session, scope=scope):
        state = bot.state
        is_online = state.process is ProcessState.RUNNING and state.gateway is GatewayState.CONNECTED
        if is_online and state.runner_id in living:
            return bot.id
    return None


def _is_known(server: OpenServer) -> bool:
    """Tell whether the person was seen to manage the server, by a bot or in their own list at Discord."""
    person = identity.person()
    known = queries.list_known_servers(services().session(), Platform.DISCORD, person.view.external_id)
    asked = find_asked(server.face.external_id)
    return (
        server in known
        or server.face.external_id in (found_servers.find() or [])
        # A no that came in between does not make somebody a stranger at once.
        or (asked is not None and asked.is_known)
    )
