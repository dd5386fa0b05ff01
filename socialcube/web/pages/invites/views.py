"""Showing an invite, which changes nothing, and accepting it, which works once."""

from typing import Final

from flask import Blueprint, flash, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from socialcube import __version__
from socialcube.domain.access.types import AREAS, PLANNED
from socialcube.domain.accounts import queries, service
from socialcube.domain.accounts.errors import InviteGoneError
from socialcube.domain.accounts.policy.giving import holdings_of
from socialcube.domain.accounts.types import InviteView, Place
from socialcube.infra.rate_limits import Limit
from socialcube.kernel.errors import SocialCubeError
from socialcube.web import guard, identity
from socialcube.web.access.matrix import effect_of
from socialcube.web.auth import limits, problems
from socialcube.web.context import request_id, services
from socialcube.web.pages.links import chat_url

SHOWN: Final = Limit("invite", tries=30, minutes=10)
ACCEPTED: Final = Limit("invite-accept", tries=10, minutes=10)

blueprint: Final = Blueprint("invite", __name__)
blueprint.register_error_handler(SocialCubeError, problems.show)


@blueprint.get("/invite/<code>")
@guard.public
def show(code: str) -> str:
    """Say who invites to what. Programs that preview links open this page too, so it takes nothing.

    Raises:
        InviteGoneError: the link does not work, for whatever reason.
    """
    limits.by_address(SHOWN)
    shared = services().shared
    offer = queries.find_offer(services().session(), code, shared.clock.now())
    if offer is None:
        raise InviteGoneError
    return render_template(
        "pages/invite/show.html",
        code=code,
        offer=offer,
        allowed=_list_allowed(offer),
        person=identity.find_person(),
        version=__version__,
        chat_url=chat_url(),
    )


@blueprint.post("/invite/<code>")
@guard.signed_in
def accept(code: str) -> Response:
    """Give the person at hand what the link offers.

    Raises:
        InviteGoneError: the link does not work, for whatever reason.
    """
    limits.by_address(ACCEPTED)
    user_id = identity.person().view.id
    with services().unit_of_work() as uow:
        invite = service.accept_invite(
            uow, user_id, code, address=request.remote_addr or "", request_id=request_id()
        )
        uow.commit()
    flash(f"You have the role {invite.role.name} now.", "success")
    return redirect(_home_of(invite.place), 303)


def _list_allowed(offer: InviteView) -> list[tuple[str, list[str]]]:
    """Give what the role allows there in words, by area."""
    held = holdings_of(offer.role, offer.place) - PLANNED
    return [
        (title, words)
        for title, permissions in AREAS.items()
        if (words := [effect_of(each) for each in permissions if each in held])
    ]


def _home_of(place: Place) -> str:
    return url_for("bot.show", bot_id=place.bot_id) if place.bot_id else url_for("home.show")
