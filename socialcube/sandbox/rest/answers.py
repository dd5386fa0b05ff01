"""HTTP answers as Discord words them."""

import asyncio
import json
import math
from http import HTTPStatus
from typing import Any, Final

from aiohttp import web

from socialcube.sandbox.cutting import cut
from socialcube.sandbox.errors import DiscordError, InvalidFormError
from socialcube.sandbox.faults import Fault, Scope
from socialcube.sandbox.ratelimits import Taken

# py-cord retries a 429 only when the answer came through Discord's proxy, which this header shows.
VIA: Final = {"Via": "1.1 google"}


def json_answer(value: Any, status: int = 200, headers: dict[str, str] | None = None) -> web.Response:
    """Give JSON with the content type exactly `application/json`, which py-cord 2.8.1 compares as a whole."""
    content = json.dumps(value).encode()
    return web.Response(
        body=content, status=status, content_type="application/json", headers=VIA | (headers or {})
    )


def error_answer(error: DiscordError, headers: dict[str, str] | None = None) -> web.Response:
    """Give an error with Discord's number and, for a broken form, where it is broken."""
    value: dict[str, Any] = {"message": error.wording, "code": error.number}
    if isinstance(error, InvalidFormError):
        value["errors"] = error.errors
    return json_answer(value, error.status, headers)


def limit_headers(bucket: str, taken: Taken, now: float) -> dict[str, str]:
    """Give the headers that tell a client its window (Discord docs, "Rate Limits" > "Header Format")."""
    return {
        "X-RateLimit-Limit": str(taken.limit),
        "X-RateLimit-Remaining": str(taken.remaining),
        "X-RateLimit-Reset": f"{now + taken.reset_after:.3f}",
        "X-RateLimit-Reset-After": f"{taken.reset_after:.3f}",
        "X-RateLimit-Bucket": bucket,
    }


def too_many(retry_after: float, headers: dict[str, str], *, scope: Scope = "user") -> web.Response:
    """Give a 429 for one route, for everything that a bot does, or for a resource that many share."""
    told = {"X-RateLimit-Scope": scope, "Retry-After": str(math.ceil(retry_after))}
    if scope == "global":
        told["X-RateLimit-Global"] = "true"
    value = {
        "message": "You are being rate limited.",
        "code": 0,
        "retry_after": round(retry_after, 3),
        "global": scope == "global",
    }
    return json_answer(value, HTTPStatus.TOO_MANY_REQUESTS, headers | told)


async def faulty(request: web.Request, fault: Fault) -> web.Response | None:
    """Do what a fault asks. Gives the wrong answer, or None to go on as usual after the delay."""
    await asyncio.sleep(fault.delay)
    if fault.reset:
        cut(request.transport)
        return web.Response()
    if not fault.status:
        return None
    if fault.text is not None:
        response = web.Response(text=fault.text, status=fault.status, content_type="text/html", headers=VIA)
    elif fault.status == HTTPStatus.TOO_MANY_REQUESTS:
        response = too_many(fault.retry_after, {}, scope=fault.scope)
    else:
        phrase = HTTPStatus(fault.status).phrase
        response = json_answer({"message": f"{fault.status}: {phrase}", "code": 0}, fault.status)
    for name, value in (fault.headers or {}).items():
        response.headers.popall(name, None)
        if value:
            response.headers[name] = value
    return response


def truncated(response: web.StreamResponse) -> web.StreamResponse:
    """Give the first half of an answer, as if that were all of it."""
    if not isinstance(response, web.Response) or not isinstance(response.body, bytes):
        return response
    half = response.body[: len(response.body) // 2]
    headers = {name: value for name, value in response.headers.items() if name not in _ABOUT_THE_BODY}
    return web.Response(
        body=half, status=response.status, content_type=response.content_type, headers=headers
    )


_ABOUT_THE_BODY: Final = frozenset({"Content-Type", "Content-Length"})
