"""A failure on the pages of server managers, with the way back to their servers."""

from flask import Response, jsonify, render_template

from socialcube.kernel.errors import SocialCubeError, TooManyTriesError
from socialcube.web.context import request_id
from socialcube.web.errors import status_of
from socialcube.web.manage.blueprint import blueprint
from socialcube.web.manage.errors import BotNotOpenError, ChecksAwayError
from socialcube.web.paths import wants_json


@blueprint.errorhandler(BotNotOpenError)
@blueprint.errorhandler(ChecksAwayError)
@blueprint.errorhandler(TooManyTriesError)
def show(error: SocialCubeError) -> tuple[Response | str, int]:
    """Say what happened and what to do."""
    status = status_of(error)
    details = {
        "code": error.code,
        "message": error.message,
        "remedy": error.remedy,
        "request_id": request_id(),
    }
    if wants_json():
        return jsonify(error=details), status
    return render_template("manage/problem.html", status=status, server=None, **details), status
