"""The page's WebSocket: events go out, nothing is expected in."""

import asyncio
from typing import TYPE_CHECKING, Final

from aiohttp import WSCloseCode, web

from socialcube.sandbox.chat.guard import check_origin
from socialcube.sandbox.chat.hub import Hub, Listener

if TYPE_CHECKING:
    from socialcube.sandbox.chat.handlers import Handlers

_HEARTBEAT_SECONDS: Final = 20.0
# The page never speaks; whoever does is not the page.
_LARGEST_FRAME: Final = 1024


class Live:
    """Serves the WebSocket of each open page."""

    def __init__(self, hub: Hub, handlers: "Handlers") -> None:
        self._hub = hub
        self._handlers = handlers

    async def serve(self, request: web.Request) -> web.WebSocketResponse:
        """Tell one page what happens until either side goes away."""
        check_origin(request)
        person = self._handlers.person(request.query.get("as"))
        socket = web.WebSocketResponse(heartbeat=_HEARTBEAT_SECONDS, max_msg_size=_LARGEST_FRAME)
        await socket.prepare(request)
        listener = self._hub.join(person.id)
        sender = asyncio.create_task(_send_events(socket, listener))
        try:
            async for _frame in socket:
                pass
        finally:
            self._hub.leave(listener)
            listener.close()
            sender.cancel()
            await asyncio.gather(sender, return_exceptions=True)
        return socket


async def _send_events(socket: web.WebSocketResponse, listener: Listener) -> None:
    while (event := await listener.next_event()) is not None:
        await socket.send_json(event)
    # Not "going away": the page is to come back by itself.
    await socket.close(code=WSCloseCode.TRY_AGAIN_LATER)
