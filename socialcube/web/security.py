"""What every answer carries and every request must pass: Host, size, and the browser's limits."""

import secrets
from typing import Final

from flask import Flask, Response, abort, g, request
from werkzeug.exceptions import BadRequest

from socialcube.kernel.settings import Settings

_YEAR_SECONDS: Final = 31_536_000
_HEADERS: Final = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    # Content-Security-Policy says the same; this is for browsers that do not read it.
    "X-Frame-Options": "DENY",
}


class UnknownHostError(BadRequest):
    """The address was asked for by a name that this panel does not answer to."""

    description = "This panel does not answer to that host name. Add it to ALLOWED_HOSTS if it should."


def init_app(app: Flask, settings: Settings) -> None:
    """Check each request before its view, and add the headers to each answer, errors included."""
    is_https = settings.web.public_url.startswith("https://")

    def check_request() -> None:
        g.csp_nonce = secrets.token_urlsafe(18)
        if not _is_allowed_host(settings.web.allowed_hosts):
            raise UnknownHostError
        # Flask looks at the length only when somebody reads the body.
        if (request.content_length or 0) > app.config["MAX_CONTENT_LENGTH"]:
            abort(413)

    def add_headers(response: Response) -> Response:
        response.headers.update(_HEADERS)
        # A view whose answer is no page of ours has a stricter policy of its own.
        response.headers.setdefault("Content-Security-Policy", _content_policy(g.get("csp_nonce", "")))
        if is_https:
            response.headers["Strict-Transport-Security"] = f"max-age={_YEAR_SECONDS}; includeSubDomains"
        # Nothing is stored unless its view says for whom it may be: `public`, or `private` for this browser.
        if not (response.cache_control.public or response.cache_control.private):
            response.cache_control.no_store = True
        return response

    app.before_request(check_request)
    app.after_request(add_headers)
    app.jinja_env.globals["csp_nonce"] = lambda: g.csp_nonce


def _is_allowed_host(allowed: frozenset[str]) -> bool:
    name = request.headers.get("Host", "").lower()
    if ":" in name.rpartition("]")[2]:
        name, _, port = name.rpartition(":")
        if not port.isdecimal():
            return False
    return name in allowed


def _content_policy(nonce: str) -> str:
    return "; ".join(
        (
            "default-src 'none'",
            f"script-src 'self' 'nonce-{nonce}'",
            "style-src 'self'",
            "img-src 'self'",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            "object-src 'none'",
            "frame-ancestors 'none'",
        )
    )
