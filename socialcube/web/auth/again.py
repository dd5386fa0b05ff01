"""The pages on which somebody who is signed in proves once more who they are."""

from typing import Final

from flask import Blueprint, make_response, redirect, render_template, request
from werkzeug.wrappers import Response

from socialcube.kernel.errors import SocialCubeError
from socialcube.web import guard, identity, recent
from socialcube.web.auth import entering, limits, problems, proving
from socialcube.web.auth.pages import place
from socialcube.web.context import services, settings
from socialcube.web.paths import local_path

blueprint: Final = Blueprint("again", __name__)
blueprint.register_error_handler(SocialCubeError, problems.show)


@blueprint.get("/login/again")
@guard.signed_in
def prove() -> Response:
    """Say why, and offer the ways. Whoever proved it just now is led on."""
    wanted = local_path(request.args.get("next")) or "/"
    if recent.is_recent(opens_form=True):
        return redirect(wanted)
    is_configured = bool(settings().discord.client_id)
    response = make_response(
        render_template(
            "auth/again.html",
            person=identity.person(),
            wanted=wanted,
            is_configured=is_configured,
            **place(),
        )
    )
    proving.give_cookie(response)
    return response


@blueprint.post("/login/again")
@guard.signed_in
def count_proof() -> Response:
    """Make Discord's answer count for this session, which goes on under a new token."""
    limits.by_address(limits.CALLBACK)
    wanted = proving.take()
    with services().unit_of_work() as uow:
        token, row = entering.renew(uow, "Discord")
        uow.commit()
    entering.go_on(token, row)
    response = redirect(wanted, 303)
    proving.take_cookie(response)
    return response
