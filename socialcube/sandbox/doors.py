"""Checks and headers that every request to the sandbox goes through."""

from collections.abc import Awaitable, Callable
from typing import Final

from aiohttp import hdrs, web

from socialcube.sandbox.hosts import is_own_host, is_own_origin

# These are called by programs, which authenticate themselves; everything else is called by browsers.
_FOR_PROGRAMS: Final = ("/api/", "/gateway")
_SAFE: Final = frozenset({hdrs.METH_GET, hdrs.METH_HEAD})
_HEADERS: Final = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Refuse foreign hosts, and foreign pages wherever a browser could act for its user."""
    if not is_own_host(request.headers.get(hdrs.HOST, "")):
        return _refusal("This server answers to localhost only. Open it as http://127.0.0.1 with its port.")
    if not request.path.startswith(_FOR_PROGRAMS) and _is_foreign(request):
        return _refusal("Another site asked for this. Open the sandbox itself and try again.")
    return await handler(request)


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Put the security headers on a page that has none of its own."""
    if not request.path.startswith(_FOR_PROGRAMS):
        for name, value in _HEADERS.items():
            response.headers.setdefault(name, value)


def _is_foreign(request: web.Request) -> bool:
    origin = request.headers.get(hdrs.ORIGIN)
    acts = request.method not in _SAFE or request.headers.get(hdrs.UPGRADE, "").lower() == "websocket"
    return acts and origin is not None and not is_own_origin(origin, request.host)


def _refusal(reason: str) -> web.Response:
    return web.Response(text=reason + "\n", status=403)
