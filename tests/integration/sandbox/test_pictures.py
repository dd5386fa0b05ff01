"""Pictures where Discord's CDN has them."""

import aiohttp
import pytest

from socialcube.sandbox.pictures.designs import avatar_path, icon_path
from socialcube.sandbox.running import RunningSandbox
from socialcube.sandbox.world.seed import FERN, GREENHOUSE, HARBOR


@pytest.mark.parametrize("path", [avatar_path(GREENHOUSE), icon_path(FERN)])
async def test_picture_is_a_png_that_may_be_kept(
    sandbox: RunningSandbox, session: aiohttp.ClientSession, path: str
) -> None:
    async with session.get(f"{sandbox.origin}{path}?size=128") as response:
        assert (response.status, response.content_type) == (200, "image/png")
        assert (await response.read()).startswith(b"\x89PNG\r\n\x1a\n")
        assert "immutable" in response.headers["Cache-Control"]


@pytest.mark.parametrize(
    "path",
    [
        f"/avatars/{GREENHOUSE}/{'0' * 32}.png",
        f"/avatars/{FERN}/{str(icon_path(FERN)).rpartition('/')[2]}",
        f"/icons/{FERN}/{str(icon_path(HARBOR)).rpartition('/')[2]}",
        "/avatars/10001/none.png",
    ],
)
async def test_another_picture_is_not_there(
    sandbox: RunningSandbox, session: aiohttp.ClientSession, path: str
) -> None:
    async with session.get(sandbox.origin + path) as response:
        assert response.status == 404
