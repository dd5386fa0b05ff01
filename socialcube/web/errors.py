"""The one place where a failure becomes an answer: a page for browsers, JSON for programs."""

import logging
from typing import Final

from flask import Flask, Response, jsonify, render_template, request
from sqlalchemy.exc import InterfaceError, OperationalError, ProgrammingError, TimeoutError  # noqa: A004 - its name
from werkzeug.exceptions import HTTPException

from socialcube.db.errors import DatabaseAwayError
from socialcube.domain.access.types import EFFECTS
from socialcube.domain.logs.types import ErrorSource
from socialcube.infra.error_records import record_of
from socialcube.kernel.errors import (
    ConflictError,
    ForbiddenError,
    InvalidInputError,
    NotFoundError,
    SocialCubeError,
    TooManyTriesError,
    UnauthenticatedError,
    UnavailableError,
)
from socialcube.web import problems
from socialcube.web.context import request_id, services
from socialcube.web.paths import is_api, wants_json

_log: Final = logging.getLogger(__name__)

_STATUS: Final[tuple[tuple[type[SocialCubeError], int], ...]] = (
    (InvalidInputError, 400),
    (UnauthenticatedError, 401),
    (ForbiddenError, 403),
    (NotFoundError, 404),
    (ConflictError, 409),
    (TooManyTriesError, 429),
    (UnavailableError, 503),
)
_SERVER_ERROR: Final = 500
_MISSING: Final = frozenset({"42P01", "42703"})
"""Undefined table and undefined column (PostgreSQL docs, appendix A)."""
_NOT_FOUND: Final = 404
_SENTENCES: Final = {
    404: "There is no such page.",
    405: "This address cannot be used that way.",
    413: "That is too large: at most 2 MB are taken at once.",
}


#: What may be absent for somebody is not told apart from what is: the advice must fit both. The remedies
#: of these errors themselves name commands of the terminal.
_LOOK_AROUND: Final = "It may have been deleted, or it is not yours to see. The menu leads to all that is."
_LOOK_AT_SERVERS: Final = "It may have been deleted, or it is not yours to see. “Your servers” lists all."
_ASK_AN_OWNER: Final = "Ask an owner of this panel for a role that allows it."


_API_SENTENCES: Final = {
    404: "The API has no such address.",
    405: "This address does not take that method.",
}
_API_REMEDIES: Final = {
    404: "GET /api/v1/openapi.json lists every address; /api/v1/ shows them to people.",
    405: "The header Allow names the methods that it takes.",
    413: "Send less at once.",
}

Answer = Response | tuple[Response | str, int]


class OtherSchemaError(UnavailableError):
    """The database is of another version than this panel."""

    code = "other_schema"
    remedy = (
        "Whoever runs this panel: `flask --app wsgi site prepare` brings the database up to date. "
        "During a new release wait a minute, then reload."
    )


class UnexpectedError(SocialCubeError):
    """Something went wrong on our side."""

    code = "internal_error"
    remedy = "Try again. If it happens again, look up the request id in the error log."


def init_app(app: Flask) -> None:
    """Translate errors of every view, and of no view at all."""
    app.register_error_handler(SocialCubeError, _on_known)
    app.register_error_handler(HTTPException, _on_http)
    app.register_error_handler(ProgrammingError, _on_programming)
    for away in (OperationalError, InterfaceError, TimeoutError):
        app.register_error_handler(away, _on_database_away)
    app.register_error_handler(Exception, _on_unexpected)


def status_of(error: SocialCubeError) -> int:
    """Give the HTTP status of a failure."""
    return next((status for kind, status in _STATUS if isinstance(error, kind)), _SERVER_ERROR)


def _on_known(error: SocialCubeError) -> Answer:
    status = status_of(error)
    if status == _SERVER_ERROR:
        _record(error)
    if is_api():
        return problems.of_error(error, status)
    match error:
        case NotFoundError():
            return _answer(status, error.code, error.message, _look_around())
        case ForbiddenError():
            return _answer(status, error.code, _refusal(error), error.remedy or _ASK_AN_OWNER)
    return _answer(status, error.code, error.message, error.remedy)


def _look_around() -> str:
    """Say where to go on. Managers of servers have pages of their own, without the menu."""
    return _LOOK_AT_SERVERS if request.path.startswith("/manage/") else _LOOK_AROUND


def _refusal(error: ForbiddenError) -> str:
    """Say in words what would have been needed."""
    effect = EFFECTS.get(error.details.get("permission"))  # type: ignore[call-overload] # a word finds its member
    return f"You may not do this here: it takes the right to {effect}." if effect else error.message


def _on_http(error: HTTPException) -> tuple[Response | str, int, list[tuple[str, str]]]:
    status = error.code or _SERVER_ERROR
    sentence = _SENTENCES.get(status, error.description or error.name)
    code = f"http_{status}"
    body: Response | str
    if is_api():
        body = problems.answer(
            status, code, _API_SENTENCES.get(status, sentence), _API_REMEDIES.get(status, "")
        )
    else:
        body, _ = _answer(status, code, sentence, _look_around() if status == _NOT_FOUND else "")
    # What belongs to the status stays, like Allow and Retry-After; the body's own headers do not.
    kept = [(name, value) for name, value in error.get_headers() if name.lower() != "content-type"]
    return body, status, kept


def _on_database_away(error: Exception) -> Answer:
    if _lacks_something(error):
        return _on_other_schema(error)
    _log.warning("request %s found no database: %s", request_id(), type(error).__name__)
    return _on_known(DatabaseAwayError())


def _on_programming(error: ProgrammingError) -> Answer:
    return _on_other_schema(error) if _lacks_something(error) else _on_unexpected(error)


def _on_other_schema(error: Exception) -> Answer:
    _log.error("request %s found a database of another version: %s", request_id(), type(error).__name__)
    return _on_known(OtherSchemaError())


def _lacks_something(error: Exception) -> bool:
    """Tell whether a table or a column is missing: PostgreSQL says it by number, SQLite in words."""
    cause = getattr(error, "orig", None)
    return getattr(cause, "pgcode", None) in _MISSING or str(cause).startswith(
        ("no such table", "no such column")
    )


def _on_unexpected(error: Exception) -> Answer:
    _record(error)
    hidden = UnexpectedError()
    if is_api():
        return problems.of_error(hidden, _SERVER_ERROR)
    return _answer(_SERVER_ERROR, hidden.code, hidden.message, hidden.remedy)


def _record(error: Exception) -> None:
    _log.error("request %s failed: %s", request_id(), type(error).__name__)
    now = services().shared.clock.now()
    services().sink.put(record_of(error, ErrorSource.WEB, trace_id=request_id(), now=now))


def _answer(status: int, code: str, message: str, remedy: str) -> tuple[Response | str, int]:
    details = {"code": code, "message": message, "remedy": remedy, "request_id": request_id()}
    if wants_json():
        return jsonify(error=details), status
    return render_template("error.html", status=status, **details), status
