"""Every request to the API on its way in and out: witness, faults, caller, limits, body, errors."""

import hashlib
from typing import Final

from aiohttp import web

from socialcube.sandbox.errors import DiscordError
from socialcube.sandbox.keys import PARTS
from socialcube.sandbox.parts import Parts
from socialcube.sandbox.ratelimits import Limit
from socialcube.sandbox.rest import answers, auth
from socialcube.sandbox.rest.body import read_body
from socialcube.sandbox.rest.call import Call, Caller, base_url_of
from socialcube.sandbox.rest.route import Route
from socialcube.sandbox.witness import Seen

_NO_CONTENT: Final = 204
_LONGEST_ID: Final = 21


class Endpoint:
    """Serves one route."""

    def __init__(self, route: Route) -> None:
        self._route = route
        self._bucket = hashlib.sha256(f"{route.method} {route.path}".encode()).hexdigest()[:32]

    async def respond(self, request: web.Request) -> web.StreamResponse:
        """Answer a request and let the witness see it."""
        parts = request.app[PARTS]
        caller = auth.identify(parts, request.headers.get("Authorization", ""))
        entry = note(parts, request, caller, self._route.path)
        status = 0
        try:
            response = await self._with_faults(parts, caller, request, entry)
            status = response.status
        finally:
            parts.witness.finish(entry, status)
        return response

    async def _with_faults(
        self, parts: Parts, caller: Caller, request: web.Request, entry: Seen
    ) -> web.StreamResponse:
        application_id = int(entry.application_id) if entry.application_id else None
        fault = parts.faults.take(request.method, request.path, application_id)
        if fault is None:
            return await self._answer(parts, caller, request, entry)
        wrong = await answers.faulty(request, fault) if fault.moment == "before" else None
        response = wrong or await self._answer(parts, caller, request, entry)
        if fault.moment == "after":
            response = await answers.faulty(request, fault) or response
        return answers.truncated(response) if fault.truncate else response

    async def _answer(
        self, parts: Parts, caller: Caller, request: web.Request, entry: Seen
    ) -> web.StreamResponse:
        headers: dict[str, str] = {}
        try:
            # Discord answers a stranger before it counts: a 401 carries no rate limit headers.
            auth.check(caller, self._route.access)
            refused = self._limited(parts, caller, request, headers)
            if refused is not None:
                return refused
            body = await read_body(request)
            parts.witness.note_body(entry, body.raw)
            call = Call(parts, caller, request.match_info, request.query, base_url_of(request), body)
            reply = self._route.handler(call)
        except DiscordError as error:
            return answers.error_answer(error, headers)
        if reply.status == _NO_CONTENT:
            return web.Response(status=_NO_CONTENT, headers=answers.VIA | headers)
        return answers.json_answer(reply.value, reply.status, headers)

    def _limited(
        self, parts: Parts, caller: Caller, request: web.Request, headers: dict[str, str]
    ) -> web.StreamResponse | None:
        """Count the call. Fills `headers`, and gives a 429 when there is no room."""
        if self._route.counts and caller.application is not None:
            everywhere = parts.buckets.take(
                f"all {caller.key}", Limit(parts.world.limits.requests_per_second, 1.0)
            )
            if not everywhere.allowed:
                return answers.too_many(everywhere.reset_after, {}, scope="global")
        major = "/".join(request.match_info[name] for name in self._route.major)
        taken = parts.buckets.take(f"{self._bucket} {caller.key} {major}", self._route.limit)
        headers.update(answers.limit_headers(self._bucket, taken, parts.clock.now().timestamp()))
        return None if taken.allowed else answers.too_many(taken.reset_after, headers)


def note(parts: Parts, request: web.Request, caller: Caller, route: str) -> Seen:
    """Let the witness see a request. Without a bot token, its path may tell whose it is."""
    application_id = caller.application.id if caller.application else _in_path(parts, request)
    entry = parts.witness.note(
        "rest", application_id=application_id, token=caller.token, path=request.path_qs, method=request.method
    )
    entry.route = route
    return entry


def _in_path(parts: Parts, request: web.Request) -> int | None:
    interaction_id = request.match_info.get("interaction_id", "")
    if interaction_id.isdecimal():
        interaction = parts.world.interactions.find(int(interaction_id))
        return interaction.application_id if interaction else None
    owner = request.match_info.get("application_id") or request.match_info.get("webhook_id") or ""
    known = owner.isdecimal() and len(owner) < _LONGEST_ID
    # Some webhooks belong to a channel and to no application.
    return int(owner) if known and int(owner) in parts.world.state.applications else None
