"""Form bodies, as browsers and OAuth2 clients send them."""

from collections.abc import Mapping
from typing import Final

from aiohttp import web

_FORM: Final = "application/x-www-form-urlencoded"


async def read_form(request: web.Request) -> Mapping[str, str]:
    """Give a form's fields. A body of any other kind has none (RFC 6749, section 4.1.3)."""
    if request.content_type != _FORM:
        return {}
    fields = await request.post()
    return {name: value for name, value in fields.items() if isinstance(value, str)}
