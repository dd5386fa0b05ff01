"""What the tests of the chat share: short ways to say things."""

import json
from collections.abc import Callable
from typing import Any

from aiohttp import web

OWN = {"Host": "127.0.0.1:8100", "Origin": "http://127.0.0.1:8100"}

RequestMaker = Callable[..., web.Request]


def slash(name: str, *options: dict[str, Any], **rest: Any) -> dict[str, Any]:
    """Give a command's body as an application registers it."""
    return {"name": name, "type": 1, "description": f"About {name}", "options": list(options), **rest}


def answer_of(response: web.Response) -> dict[str, Any]:
    """Read the JSON of an answer."""
    assert response.text is not None
    shape: dict[str, Any] = json.loads(response.text)
    return shape
