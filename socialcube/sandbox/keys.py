"""Where handlers find the parts."""

from typing import Final

from aiohttp import web

from socialcube.sandbox.parts import Parts

PARTS: Final = web.AppKey("parts", Parts)
