"""The routes of the API, and the refusal of everything else below `/api`."""

from collections.abc import Iterable, Sequence
from typing import Final

from aiohttp import hdrs, web

from socialcube.sandbox.errors import DiscordError, MethodNotAllowedError, RouteNotFoundError
from socialcube.sandbox.keys import PARTS
from socialcube.sandbox.rest import (
    answers,
    applications,
    auth,
    channels,
    commands,
    guilds,
    interactions,
    messages,
    meta,
    users,
    webhooks,
)
from socialcube.sandbox.rest.pipeline import Endpoint, note
from socialcube.sandbox.rest.route import Route

PREFIX: Final = "/api/v10"
ROUTES: Final[Sequence[Route]] = (
    *meta.ROUTES,
    *users.ROUTES,
    *applications.ROUTES,
    *commands.ROUTES,
    *guilds.ROUTES,
    *channels.ROUTES,
    *messages.ROUTES,
    *interactions.ROUTES,
    *webhooks.ROUTES,
)


def routes() -> Iterable[web.RouteDef]:
    """Give the API's routes. The last one answers whatever the others do not."""
    for route in ROUTES:
        endpoint = Endpoint(route)
        yield web.route(route.method, PREFIX + route.path, endpoint.respond)
        if route in webhooks.ROUTES:
            # The address of a webhook that people copy names no version.
            yield web.route(route.method, "/api" + route.path, endpoint.respond)
    yield web.route(hdrs.METH_ANY, "/api/{rest:.*}", _unknown)


async def _unknown(request: web.Request) -> web.StreamResponse:
    parts = request.app[PARTS]
    caller = auth.identify(parts, request.headers.get("Authorization", ""))
    entry = note(parts, request, caller, "")
    error: DiscordError = RouteNotFoundError()
    for resource in request.app.router.resources():
        _, methods = await resource.resolve(request)
        if methods and hdrs.METH_ANY not in methods:
            error = MethodNotAllowedError()
    parts.witness.finish(entry, error.status)
    return answers.error_answer(error)
