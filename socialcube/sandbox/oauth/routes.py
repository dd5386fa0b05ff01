"""Where signing in lives."""

from collections.abc import Iterable

from aiohttp import web

from socialcube.sandbox.oauth import authorize, token


def routes() -> Iterable[web.RouteDef]:
    """Give the routes: the pages for browsers, the endpoints for servers with and without a version."""
    yield web.get("/oauth2/authorize", authorize.ask)
    yield web.post("/oauth2/authorize", authorize.answer)
    yield web.get("/oauth2/page.css", authorize.style)
    for prefix in ("/api", "/api/v10"):
        yield web.post(f"{prefix}/oauth2/token", token.token)
        yield web.post(f"{prefix}/oauth2/token/revoke", token.revoke)
