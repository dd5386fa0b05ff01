"""The door where files of lists are fetched."""

from typing import Final
from uuid import UUID

from flask import Blueprint, Flask, Response, stream_with_context

from socialcube.domain.exports import queries
from socialcube.web import guard, identity
from socialcube.web.context import services

blueprint: Final = Blueprint("files", __name__)


@blueprint.get("/admin/files/<uuid:job_id>")
@guard.signed_in
def download(job_id: UUID) -> Response:
    """Send a file to whoever asked for it, if they may still have all of it.

    Raises:
        FileNotFoundHereError, ForbiddenError: as they say.
    """
    session = services().session()
    file = queries.get_file(session, identity.actor(), job_id, services().shared.clock.now())
    response = Response(
        stream_with_context(queries.open_file(session, file)),
        mimetype="text/csv",
        headers={"X-Content-Type-Options": "nosniff", "Content-Length": str(file.size)},
    )
    # The name is ours and plain ASCII; Werkzeug quotes it all the same.
    response.headers.set("Content-Disposition", "attachment", filename=file.name)
    response.cache_control.private = True
    response.cache_control.no_store = True
    return response


def init_app(app: Flask) -> None:
    """Add the door."""
    app.register_blueprint(blueprint)
