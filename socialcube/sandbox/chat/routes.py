"""Where the chat page lives in the sandbox's server."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import TYPE_CHECKING, Final

from aiohttp import web

from socialcube.kernel.errors import SocialCubeError
from socialcube.sandbox.chat.errors import plain_sentence, status_of
from socialcube.sandbox.chat.guard import check_host
from socialcube.sandbox.chat.handlers import Handlers
from socialcube.sandbox.chat.hub import Hub
from socialcube.sandbox.chat.live import Live

if TYPE_CHECKING:
    from socialcube.sandbox.world.world import World

STATIC: Final = Path(__file__).parent / "static"
# No script, style or picture from anywhere else, and none written into the page.
POLICY: Final = (
    "default-src 'self'; object-src 'none'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def add_chat(app: web.Application, world: "World", *, panel_url: str = "") -> None:
    """Serve the chat page at /chat, with everything it needs below.

    Args:
        app: the sandbox's server.
        world: what the page shows and changes.
        panel_url: address of the panel that the page links to; none when empty.
    """
    hub = Hub(world)
    handlers = Handlers(world, hub, panel_url)
    channel = "/chat/api/channels/{channel}"
    app.router.add_get("/chat", _answered(_page))
    app.router.add_static("/chat/static", STATIC)
    app.router.add_get("/chat/api/people", _answered(handlers.people))
    app.router.add_get("/chat/api/view", _answered(handlers.view))
    app.router.add_get(f"{channel}/messages", _answered(handlers.messages))
    app.router.add_post(f"{channel}/messages", _answered(handlers.post_message))
    app.router.add_post(f"{channel}/webhook", _answered(handlers.webhook))
    app.router.add_post(f"{channel}/interactions", _answered(handlers.use_command))
    app.router.add_post(f"{channel}/messages/{{message}}/clicks", _answered(handlers.click))
    app.router.add_get("/chat/ws", _answered(Live(hub, handlers).serve))

    async def close(_app: web.Application) -> None:
        hub.close()

    app.on_shutdown.append(close)


async def _page(request: web.Request) -> web.StreamResponse:
    check_host(request)
    return web.FileResponse(STATIC / "index.html", headers={"Content-Security-Policy": POLICY})


def _answered(handler: Handler) -> Handler:
    """Turn the failures of a handler into JSON with a plain sentence."""

    async def answer(request: web.Request) -> web.StreamResponse:
        try:
            return await handler(request)
        except SocialCubeError as error:
            shape = {"code": error.code, "message": plain_sentence(error)}
            return web.json_response(shape, status=status_of(error))

    return answer
