"""A recent sign-in is asked for before tokens, roles and keys: nobody changes them at a screen left open."""

from flask import Response, jsonify, redirect, render_template, request, url_for
from werkzeug.wrappers import Response as AnyResponse

from socialcube.domain.accounts.policy.sessions import is_recent as is_recent_at
from socialcube.kernel.errors import UnauthenticatedError
from socialcube.web import identity
from socialcube.web.context import request_id, services
from socialcube.web.paths import local_path, page_before, wants_json

_STATUS = 401


class RecentSignInNeededError(UnauthenticatedError):
    """Prove that it is you: this needs a sign-in of the last 15 minutes."""

    code = "recent_sign_in_needed"
    remedy = "Press the button, allow it at Discord, and you come back to the form. Nothing was changed yet."


def is_recent(*, opens_form: bool = False) -> bool:
    """Tell whether the person at hand proved lately who they are.

    Args:
        opens_form: whether a form is opened now: then some minutes must be left to fill it in.
    """
    person = identity.find_person()
    now = services().shared.clock.now()
    return person is not None and is_recent_at(person.session.signed_in_at, now, opens_form=opens_form)


def require() -> None:
    """Go on only for somebody who proved lately who they are.

    Raises:
        RecentSignInNeededError: it is too long ago.
    """
    if not is_recent():
        raise RecentSignInNeededError


def ask_first() -> AnyResponse:
    """Lead to the proof before a form opens, so that nothing is typed in vain."""
    return redirect(way_to(request.full_path.rstrip("?")))


def way_to(wanted: str | None) -> str:
    """Give the address at which one proves who one is, and from which one comes back to `wanted`."""
    return url_for("again.prove", next=local_path(wanted) or "/")


def on_needed(error: RecentSignInNeededError) -> tuple[Response | str, int]:
    """Answer a change that came too late: with a page that leads to the proof and back to the form."""
    details = {
        "code": error.code,
        "message": error.message,
        "remedy": error.remedy,
        "request_id": request_id(),
        "url": way_to(page_before()),
    }
    if wants_json():
        return jsonify(error=details), _STATUS
    return render_template("auth/recent_needed.html", status=_STATUS, **details), _STATUS
