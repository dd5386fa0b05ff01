"""What a route's handler gets and gives."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from typing import Any

from aiohttp import web

from socialcube.sandbox.errors import InvalidFormError, MissingAccessError, UnauthorizedError
from socialcube.sandbox.parts import Parts
from socialcube.sandbox.rest.body import Body
from socialcube.sandbox.world.records import Application
from socialcube.sandbox.world.snowflakes import LARGEST
from socialcube.sandbox.world.world import World


class Access(Enum):
    """Who may call a route: anyone, a bot, or a bot or signed-in person."""

    OPEN = "open"
    BOT = "bot"
    ANYONE = "anyone"


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: a bot's application, or a person whose access token allows some scopes."""

    application: Application | None = None
    user_id: int = 0
    scopes: frozenset[str] = frozenset()
    token: str = ""

    @property
    def key(self) -> str:
        """Give a name for rate limits."""
        return str(self.application.id) if self.application else f"user {self.user_id}"


@dataclass(slots=True)
class Call:
    """One request to a route: parts of the server, caller, path parameters, query, body."""

    parts: Parts
    caller: Caller
    path: Mapping[str, str]
    query: Mapping[str, str]
    base_url: str
    body: Body = field(default_factory=Body)

    @property
    def world(self) -> World:
        """Give the world."""
        return self.parts.world

    @property
    def application(self) -> Application:
        """Give the calling bot's application, or raise UnauthorizedError."""
        if self.caller.application is None:
            raise UnauthorizedError
        return self.caller.application

    def snowflake(self, name: str) -> int:
        """Give an id from the path, or raise InvalidFormError."""
        return _snowflake(name, self.path[name])

    def own_application(self) -> Application:
        """Give the caller's application when the path names it, or raise MissingAccessError."""
        if self.snowflake("application_id") != self.application.id:
            raise MissingAccessError
        return self.application

    def snowflake_query(self, name: str) -> int | None:
        """Give an id from the query, None when absent, or raise InvalidFormError."""
        return _snowflake(name, self.query[name]) if name in self.query else None

    def count_query(self, name: str, *, default: int, most: int) -> int:
        """Give a whole number from 1 to `most` from the query, or raise InvalidFormError."""
        text = self.query.get(name, str(default))
        if not text.isascii() or not text.isdecimal() or not 1 <= int(text[:9]) <= most:
            message = f"int value should be between 1 and {most}."
            raise InvalidFormError({name: {"_errors": [{"code": "NUMBER_TYPE_COERCE", "message": message}]}})
        return int(text)

    def flag_query(self, name: str) -> bool:
        """Tell whether a query parameter is switched on."""
        return self.query.get(name, "").lower() in {"1", "true"}


@dataclass(slots=True)
class Reply:
    """What a handler answers: a JSON value, or nothing at all with 204."""

    value: Any = None
    status: int = 200


NOTHING = Reply(status=204)
Handler = Callable[[Call], Reply]


def base_url_of(request: web.Request) -> str:
    """Give scheme and host that the client used, for addresses that lead back here."""
    return f"http://{request.host}"


def _snowflake(name: str, text: str) -> int:
    if text.isascii() and text.isdecimal() and len(text) <= len(str(LARGEST)) and int(text) <= LARGEST:
        return int(text)
    message = f'Value "{text[:100]}" is not snowflake.'
    raise InvalidFormError({name: {"_errors": [{"code": "NUMBER_TYPE_COERCE", "message": message}]}})
