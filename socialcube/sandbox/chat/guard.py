"""Keeps other web pages out: they may neither write through a visitor's browser nor listen in."""

from typing import Any, Final

from aiohttp import hdrs, web

from socialcube.sandbox.chat.errors import BadBodyError, BadFieldError, ForeignPageError
from socialcube.sandbox.hosts import is_own_host, is_own_origin

_JSON: Final = "application/json"
# A message of 2,000 characters or the options of a command stay far below this.
LARGEST_BODY: Final = 64 * 1024

Json = dict[str, Any]


def check_host(request: web.Request) -> None:
    """Refuse a request for a name that is not this machine's own, as DNS rebinding makes one.

    Raises:
        ForeignPageError: the Host header names something else.
    """
    if not is_own_host(request.headers.get(hdrs.HOST, "")):
        raise ForeignPageError


def check_origin(request: web.Request) -> None:
    """Refuse a request that a page of another origin, or no page at all, began.

    Raises:
        ForeignPageError: the Origin header is missing or is not the chat's own.
    """
    check_host(request)
    if not is_own_origin(request.headers.get(hdrs.ORIGIN, ""), request.host):
        raise ForeignPageError


async def read_body(request: web.Request) -> Json:
    """Read the JSON object that the chat page sent.

    Raises:
        ForeignPageError: another page sent it.
        BadBodyError: it is not JSON, no object, or too large.
    """
    check_origin(request)
    if request.content_type != _JSON:
        raise BadBodyError(reason="it must be sent as application/json")
    if (request.content_length or 0) > LARGEST_BODY:
        raise BadBodyError(reason="it is too large")
    try:
        body = await request.json()
    except (ValueError, RecursionError) as failure:
        raise BadBodyError(reason="it is not JSON") from failure
    if not isinstance(body, dict):
        raise BadBodyError(reason="it must be a JSON object")
    return body


def text_field(body: Json, name: str) -> str:
    """Give a text of the body, or raise BadFieldError."""
    value = body.get(name)
    if not isinstance(value, str):
        raise BadFieldError(field=name, expected="a text")
    return value


def id_field(value: object, name: str) -> int:
    """Give an id that came as a string of digits, or raise BadFieldError."""
    longest = 20
    if not isinstance(value, str) or not (value.isascii() and value.isdigit()) or len(value) > longest:
        raise BadFieldError(field=name, expected="an id, written as digits")
    return int(value)


def list_field(body: Json, name: str) -> list[Json]:
    """Give a list of objects of the body, or raise BadFieldError. A missing one is empty."""
    value = body.get(name, [])
    if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
        raise BadFieldError(field=name, expected="a list of objects")
    return value
