"""Serves the pictures where Discord's CDN has them (Discord docs, "Image Formatting")."""

import asyncio
from collections.abc import Mapping
from typing import Final

from aiohttp import web

from socialcube.sandbox.errors import UnknownUserError
from socialcube.sandbox.keys import PARTS
from socialcube.sandbox.pictures.designs import GUILDS, USERS, avatar_path, drawn, icon_path
from socialcube.sandbox.pictures.drawing import Design
from socialcube.sandbox.world.profiles import Picture

_HEADERS: Final = {"Cache-Control": "public, max-age=31536000, immutable"}
_ID: Final = r"{id:\d{1,20}}"


def routes() -> list[web.RouteDef]:
    """Give the addresses of pictures."""
    return [
        web.get(f"/avatars/{_ID}/{{file}}", _avatar),
        web.get(f"/banners/{_ID}/{{file}}", _banner),
        web.get(f"/icons/{_ID}/{{file}}", _icon),
    ]


async def _avatar(request: web.Request) -> web.StreamResponse:
    uploaded = _uploaded(request)
    return _shown(uploaded) if uploaded else await _answer(request, USERS, avatar_path(_id(request)))


async def _banner(request: web.Request) -> web.StreamResponse:
    uploaded = _uploaded(request)
    return _shown(uploaded) if uploaded else _missing()


async def _icon(request: web.Request) -> web.StreamResponse:
    return await _answer(request, GUILDS, icon_path(_id(request)))


async def _answer(
    request: web.Request, designs: Mapping[int, Design], path: str | None
) -> web.StreamResponse:
    if request.path != path:
        return _missing()
    # The first drawing takes a while, and bots must not miss a heartbeat for it.
    content = await asyncio.to_thread(drawn, designs[_id(request)])
    return _shown(Picture("image/png", content))


def _uploaded(request: web.Request) -> Picture | None:
    """Give the picture that an account uploaded, whatever ending was asked for."""
    world = request.app[PARTS].world
    try:
        user = world.get_user(_id(request))
    except UnknownUserError:
        return None
    return world.profiles.find_picture(user, request.match_info["file"].rpartition(".")[0])


def _shown(picture: Picture) -> web.Response:
    return web.Response(body=picture.content, content_type=picture.media_type, headers=_HEADERS)


def _missing() -> web.Response:
    return web.Response(status=404, text="There is no such picture.\n")


def _id(request: web.Request) -> int:
    return int(request.match_info["id"])
