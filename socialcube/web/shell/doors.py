"""Doors of the frame itself: how the panel looks to the person at hand."""

from dataclasses import replace
from typing import Any, Final

from flask import Blueprint, jsonify, redirect, request
from flask.typing import ResponseReturnValue

from socialcube.domain.accounts import service as accounts
from socialcube.domain.accounts.types import Theme
from socialcube.kernel.errors import InvalidInputError
from socialcube.web import guard, identity
from socialcube.web.context import services
from socialcube.web.paths import page_before

blueprint: Final = Blueprint("shell", __name__)


@blueprint.post("/admin/preferences/theme")
@guard.signed_in
def theme() -> ResponseReturnValue:
    """Keep how the panel looks to this person."""
    person = identity.person()
    chosen = replace(person.preferences, theme=_read_theme())
    with services().unit_of_work() as uow:
        accounts.save_preferences(uow, person.view.id, chosen)
        uow.commit()
    if request.accept_mimetypes.best == "application/json":
        return jsonify(theme=chosen.theme)
    return redirect(page_before("/admin/"), 303)


def _read_theme() -> Theme:
    sent: Any = request.get_json(silent=True) if request.is_json else request.form
    value = sent.get("theme") if hasattr(sent, "get") else None
    if not isinstance(value, str) or value not in list(Theme):
        raise InvalidInputError(reason="a theme is one of system, light and dark")
    return Theme(value)
