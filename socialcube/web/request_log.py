"""Gives each request its id and writes one row about it to the request log."""

import re
from time import perf_counter
from typing import Final
from urllib.parse import quote

from flask import Flask, Response, g, request

from socialcube.domain.logs.types import RequestLogRecord
from socialcube.kernel.ids import new_id
from socialcube.kernel.secrets import MASK
from socialcube.web import identity
from socialcube.web.context import request_id, services

HEADER: Final = "X-Request-ID"
UNLOGGED_PATHS: Final = frozenset({"/healthz", "/readyz", "/metrics"})

SECRET_PATHS: Final = ("/login/link/", "/invite/")
"""What follows them lets somebody in."""

_FILES: Final = frozenset({"static", "pictures.show"})
"""Fetched by the dozen beside each page: only those that fail are worth a row."""

_SLASHES: Final = re.compile("/+")
_WELL_FORMED: Final = re.compile(r"[A-Za-z0-9_-]{8,64}")
_MAX_PATH: Final = 500
_MAX_AGENT: Final = 300
_CLIENT_ERROR: Final = 400


def init_app(app: Flask) -> None:
    """Start the clock before everything else and stop it after."""

    def begin() -> None:
        given = request.headers.get(HEADER, "")
        g.request_id = given if _WELL_FORMED.fullmatch(given) else new_id().hex
        g.request_began = perf_counter()

    def finish(response: Response) -> Response:
        response.headers[HEADER] = request_id()
        if _is_logged(response.status_code):
            services().sink.put(_record(response.status_code))
        return response

    app.before_request(begin)
    app.after_request(finish)


def _is_logged(status: int) -> bool:
    if request.path in UNLOGGED_PATHS:
        return False
    return request.endpoint not in _FILES or status >= _CLIENT_ERROR


def _record(status: int) -> RequestLogRecord:
    shared = services().shared
    return RequestLogRecord(
        occurred_at=shared.clock.now(),
        request_id=request_id(),
        method=request.method,
        path=_path(),
        status=status,
        duration_ms=round((perf_counter() - g.request_began) * 1000, 3),
        user=str(caller.actor) if (caller := identity.loaded_caller()) else "",
        address=request.remote_addr or "",
        agent=quote(request.user_agent.string, safe=" /-._~:@!$&'()*+,;=[]{}<>|\"#?")[:_MAX_AGENT],
    )


def _path() -> str:
    # An address with doubled slashes is led to the page without them, and tells the code as well.
    path = _SLASHES.sub("/", request.path)
    for secret in SECRET_PATHS:
        if path.startswith(secret):
            return secret + MASK
    # Quoted again: the decoded path may hold line breaks and terminal codes.
    return quote(path, safe="/-._~:@!$&'()*+,;=")[:_MAX_PATH]
