"""Writes frames to the sockets themselves, all the same bytes, where nothing waits before them.

Engine.IO (4.15) puts a packet into a queue and wakes a greenlet, which encodes and writes it: for each socket
that costs several times what the writing does. A frame of a server is not masked (RFC 6455, 5.1) and ours are
not compressed, so one encoding fits every socket.
"""

import struct
from collections.abc import Callable
from typing import Any, Final

from socketio import Server

_TEXT: Final = 0x81
_SHORT, _LONG = 126, 1 << 16
_VERSION: Final = 13


def keep_wires(server: Server) -> None:
    """Let each socket of a server know what it is written to. Call it before the first one opens."""
    open_socket = server.eio._async["websocket"]  # noqa: SLF001 - Engine.IO hands the WebSocket to nobody else

    def open_kept(handler: Callable[[Any], Any], engine: Any) -> Any:
        def handle(wire: Any) -> Any:
            handler.__self__.wire = wire  # type: ignore[attr-defined] # a method of Engine.IO's socket
            return handler(wire)

        return open_socket(handle, engine)

    server.eio._async = server.eio._async | {"websocket": open_kept}  # noqa: SLF001 - as above


def to_frame(text: str) -> bytes:
    """Give the frame of a text message."""
    data = text.encode()
    length = len(data)
    if length < _SHORT:
        return struct.pack("!BB", _TEXT, length) + data
    if length < _LONG:
        return struct.pack("!BBH", _TEXT, 126, length) + data
    return struct.pack("!BBQ", _TEXT, 127, length) + data


def write_now(server: Server, socket: Any, frame: bytes) -> bool:
    """Write a frame, unless something waits before it. What the network does not take now follows by itself.

    Only for eventlet's sockets: they belong to one thread, so nothing happens between a look and a write.

    Args:
        server: starts the greenlet that writes the rest.
        socket: of Engine.IO.
        frame: as `to_frame` gives it.

    Returns:
        False when nothing of it was written, and the queue has to take it.
    """
    wire = getattr(socket, "wire", None)
    lock = getattr(wire, "_sendlock", None)
    if wire is None or lock is None or wire.version != _VERSION:
        return False
    if lock.locked() or socket.queue.qsize():
        return False
    try:
        written = wire.socket.fd.send(frame)
    except OSError:
        # Its buffer is full, or it is gone; whoever reads from it learns the latter.
        return False
    if written < len(frame):
        lock.acquire()
        server.start_background_task(_finish, wire, frame[written:])
    return True


def _finish(wire: Any, rest: bytes) -> None:
    try:
        wire.socket.sendall(rest)
    except OSError:
        # Half a frame is no frame: the other end could read nothing behind it.
        wire.socket.shutdown_safe()
    finally:
        wire._sendlock.release()  # noqa: SLF001 - eventlet's own writing waits for it
