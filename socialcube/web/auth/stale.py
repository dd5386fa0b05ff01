"""Gives back what was typed into a form whose token is too old, to be looked over and sent again.

It is no way around the token. What was typed comes back only when the browser says that a page of this panel
sent it, so no other site leads anybody here; nothing is done before the person presses the button below all
that will be sent; and the new token stands in a page that only the session it belongs to can read.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from flask import Response, current_app, make_response, render_template, request

from socialcube.kernel.secrets import is_secret_key, mask_text
from socialcube.web import guard, identity
from socialcube.web.auth.errors import StaleFormError
from socialcube.web.context import request_id
from socialcube.web.paths import local_path, wants_json

STATUS: Final = 400

_CSRF: Final = "csrf_token"
_FORMS: Final = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})
_SEALED: Final = frozenset({"address", "code", "value"})
"""Fields that hold secrets under harmless names: of alert channels, of setup, and of the secrets of bots."""

_OF_THE_PAGE: Final = frozenset({"action", "edit", "id", "rowid", "step", "then", "version"})
"""Fields that pages fill in by themselves."""

_LINE: Final = 80


@dataclass(frozen=True, slots=True)
class TypedField:
    """A field of the form that was refused.

    Attributes:
        label: its name for people.
        value: what was typed, empty where it is a secret.
        kind: `line`, `text` of several lines, `secret` of one or `secret text` of several lines, or `file`.
        is_needed: whether it held something that has to be typed again.
        is_fixed: whether the page filled it in, so that nobody has to change it.
    """

    name: str
    label: str
    value: str
    kind: str
    is_fixed: bool = False
    is_needed: bool = False


def can_offer() -> bool:
    """Tell whether the request at hand is a form of our own page with something in it to keep."""
    return (
        request.mimetype in _FORMS
        and not wants_json()
        and _comes_from_here()
        and not _is_public()
        and _address() is not None
        and any(name != _CSRF for name in (*request.form, *request.files))
    )


def give_back(error: StaleFormError) -> Response:
    """Make the page that holds what was typed."""
    # What the page filled in by itself stands last: nobody has to look at it first.
    fields = sorted([*_list_fields(), *_list_files()], key=lambda field: field.is_fixed)
    page = render_template(
        "auth/stale_form.html",
        status=STATUS,
        message=error.message,
        request_id=request_id(),
        # Who is not signed in gets no token: the next try comes back here, with somebody to ask.
        person=identity.find_person(),
        fields=fields,
        action=_address(),
        has_files=any(field.kind == "file" for field in fields),
    )
    return make_response(page, STATUS)


def _address() -> str | None:
    """Give where the form goes; None for an address too long to be sent to again."""
    return local_path(request.full_path if request.query_string else request.path)


def _comes_from_here() -> bool:
    """Tell whether a page of this panel sent the form.

    Browsers name the origin with every form (Fetch, section 3.2), and most of them also how it stands to the
    address asked for (Fetch Metadata, section 2.4). A page can set neither.
    """
    relation = request.headers.get("Sec-Fetch-Site", "same-origin")
    return relation == "same-origin" and request.headers.get("Origin") == request.host_url.rstrip("/")


def _is_public() -> bool:
    """Tell whether strangers may send the form: those are short, and signing in would not help."""
    mark = guard.mark_of(current_app.view_functions[str(request.endpoint)])
    return mark is None or mark.is_public


def _list_fields() -> Iterator[TypedField]:
    for name, value in request.form.items(multi=True):
        if name == _CSRF:
            continue
        if is_secret_key(name) or name in _SEALED or mask_text(value) != value:
            kind = "secret text" if "\n" in value else "secret"
            yield TypedField(name, _label(name), "", kind, is_needed=value != "")
        else:
            kind = "text" if "\n" in value or len(value) > _LINE else "line"
            yield TypedField(name, _label(name), value, kind, name in _OF_THE_PAGE)


def _list_files() -> Iterator[TypedField]:
    for name, file in request.files.items(multi=True):
        yield TypedField(name, _label(name), file.filename or "", "file")


def _label(name: str) -> str:
    """Make words of a name: `fields-0-label` is “Fields 0 label”."""
    words = "".join(sign if sign.isalnum() else " " for sign in name).split()
    return " ".join(words).capitalize() or "Without a name"
