"""Accepts gateway connections."""

from aiohttp import web

from socialcube.sandbox.gateway.connection import Connection
from socialcube.sandbox.gateway.protocol import CloseCode
from socialcube.sandbox.keys import PARTS
from socialcube.sandbox.rest.answers import faulty

# Beyond this aiohttp itself closes, with 1009; below it Discord's own limit answers with 4002.
_MOST_BYTES = 1 << 20
_CLOSE_SECONDS = 1.0


async def gateway(request: web.Request) -> web.StreamResponse:
    """Serve one gateway connection, on the address from GET /gateway or the one for RESUME."""
    parts = request.app[PARTS]
    fault = parts.faults.take(request.method, request.path, None)
    wrong = await faulty(request, fault) if fault is not None else None
    if wrong is not None:
        return wrong
    socket = web.WebSocketResponse(max_msg_size=_MOST_BYTES, timeout=_CLOSE_SECONDS, compress=False)
    await socket.prepare(request)
    query = request.query
    if query.get("v", "10") != "10":
        await socket.close(code=CloseCode.INVALID_API_VERSION, message=b"Invalid API version.")
        return socket
    if query.get("encoding", "json") != "json" or query.get("compress", "zlib-stream") != "zlib-stream":
        await socket.close(code=CloseCode.DECODE_ERROR, message=b"Error while decoding payload.")
        return socket
    connection = Connection(parts.hub, socket, request, compress="compress" in query)
    parts.hub.attach(connection)
    await connection.serve()
    return socket
