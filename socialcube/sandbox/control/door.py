"""The control door's lock, and how its handlers speak JSON."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from socialcube.kernel.settings import SANDBOX_KEY_HEADER
from socialcube.sandbox.errors import DiscordError, InvalidFormError
from socialcube.sandbox.forms import fields
from socialcube.sandbox.forms.fields import Field
from socialcube.sandbox.keys import PARTS
from socialcube.sandbox.parts import Parts
from socialcube.sandbox.rest.answers import error_answer, json_answer
from socialcube.sandbox.rest.body import read_body
from socialcube.sandbox.world import tokens
from socialcube.sandbox.world.world import World


@dataclass(slots=True)
class Order:
    """One request to the control door: the parts of the server, and what the request says."""

    parts: Parts
    request: web.Request
    value: Any

    @property
    def world(self) -> World:
        """Give the world."""
        return self.parts.world

    def id(self, name: str) -> int:
        """Give an id from the path, or raise InvalidFormError."""
        found: int = fields.read(fields.record({name: fields.snowflake}), dict(self.request.match_info))[name]
        return found

    def read(self, **known: Field) -> dict[str, Any]:
        """Read optional fields of the body, or raise InvalidFormError."""
        clean: dict[str, Any] = fields.read(fields.record(known), self.value)
        return clean

    def query(self, **known: Field) -> dict[str, Any]:
        """Read optional parameters of the query, or raise InvalidFormError."""
        clean: dict[str, Any] = fields.read(fields.record(known), dict(self.request.query))
        return clean


Handler = Callable[[Order], Awaitable[Any]]


def locked(handler: Handler) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
    """Let only requests with the right key through to a handler, whose value is answered as JSON."""

    async def open_door(request: web.Request) -> web.StreamResponse:
        parts = request.app[PARTS]
        given = request.headers.get(SANDBOX_KEY_HEADER, "")
        if not tokens.is_same(given, parts.control_key.reveal()):
            return json_answer(
                {"message": f"The header {SANDBOX_KEY_HEADER} is missing or wrong.", "code": 0}, 403
            )
        try:
            body = await read_body(request)
            return json_answer(await handler(Order(parts, request, body.value)))
        except DiscordError as error:
            return error_answer(error)

    return open_door


def required(form: dict[str, Any], *names: str) -> None:
    """Raise InvalidFormError unless all of these fields were given."""
    problem = {"_errors": [{"code": "BASE_TYPE_REQUIRED", "message": "This field is required"}]}
    missing = {name: problem for name in names if name not in form}
    if missing:
        raise InvalidFormError(missing)
