"""A failure on the way in, as a page with the way on."""

from flask import Response, jsonify, render_template

from socialcube.kernel.errors import SocialCubeError
from socialcube.web.context import request_id
from socialcube.web.errors import status_of
from socialcube.web.paths import wants_json


def show(error: SocialCubeError) -> tuple[Response | str, int]:
    """Say what happened and offer to start again."""
    status = status_of(error)
    details = {
        "code": error.code,
        "message": error.message,
        "remedy": error.remedy,
        "request_id": request_id(),
    }
    if wants_json():
        return jsonify(error=details), status
    return render_template("auth/problem.html", status=status, **details), status
