"""The pages that describe the API: the document for programs, and the same for people. Open to all.

They say what the code of every installation says, and nothing about this one.
"""

from typing import Any, Final

from flask import Blueprint, Response, current_app, jsonify, render_template

from socialcube.web import guard
from socialcube.web.api.document import PREFIX, make_document
from socialcube.web.api.showing import list_groups, list_problems, list_shapes
from socialcube.web.context import settings

MAX_AGE_SECONDS: Final = 300

_DOCUMENT: Final = "socialcube_api_document"

blueprint: Final = Blueprint("api_reference", __name__, url_prefix=PREFIX)


@blueprint.get("/openapi.json")
@guard.public
def document() -> Response:
    """Give the document (OpenAPI 3.1)."""
    return _keep(jsonify(get_document()))


@blueprint.get("/")
@guard.public
def show() -> Response:
    """Show the same to people."""
    found = get_document()
    page = render_template(
        "api/reference.html",
        document=found,
        groups=list_groups(found),
        shapes=list_shapes(found),
        problems=list_problems(),
    )
    return _keep(Response(page, mimetype="text/html"))


def get_document() -> dict[str, Any]:
    """Give the document of this application; it is made once."""
    extensions = current_app.extensions
    if _DOCUMENT not in extensions:
        extensions[_DOCUMENT] = make_document(current_app, settings().web.public_url)
    found: dict[str, Any] = extensions[_DOCUMENT]
    return found


def _keep(response: Response) -> Response:
    response.cache_control.public = True
    response.cache_control.max_age = MAX_AGE_SECONDS
    return response
