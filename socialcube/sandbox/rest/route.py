"""A route of the API, as data."""

from dataclasses import dataclass
from typing import Final

from socialcube.sandbox.ratelimits import Limit
from socialcube.sandbox.rest.call import Access, Handler

# Discord tells a route's limit only in its answers' headers; this one lets ordinary use pass.
_USUAL: Final = Limit(50, 1.0)


@dataclass(frozen=True, slots=True)
class Route:
    """A route of the API.

    Attributes:
        method: HTTP method.
        path: below `/api/v10`, with `{names}`.
        handler: answers it.
        access: who may call.
        limit: its rate limit.
        major: path parameters that have a window each (Discord docs, "Rate Limits": top-level resources).
        counts: whether a call counts for the limit over all routes; interactions do not.
    """

    method: str
    path: str
    handler: Handler
    access: Access = Access.BOT
    limit: Limit = _USUAL
    major: tuple[str, ...] = ()
    counts: bool = True
