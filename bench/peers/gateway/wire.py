"""HTTP/1.1 and WebSocket (RFC 6455) by hand, for clients that are known to behave."""

import asyncio
import base64
import hashlib
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final, Protocol

_GUID: Final = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
_BINARY, _CLOSE, _PING = 0x2, 0x8, 0x9
_LENGTH_16, _LENGTH_64 = 126, 127
_LONG = 1 << 16


@dataclass(frozen=True, slots=True)
class Request:
    """One request.

    Attributes:
        method: HTTP method.
        path: without the query.
        query: what stands behind the question mark.
        token: of the bot that asks, empty without one.
        body: as it was sent.
    """

    method: str
    path: str
    query: str
    token: str
    body: bytes


class Peer(Protocol):
    """The other end of a WebSocket."""

    def take(self, payload: bytes) -> None:
        """Take one message."""
        ...

    def left(self) -> None:
        """Learn that the connection is gone."""
        ...


Answer = tuple[int, bytes]
Respond = Callable[[Request], Answer]
Greet = Callable[["Wire"], Peer]


class Wire(asyncio.Protocol):
    """One TCP connection: requests, until one of them asks for a WebSocket.

    Args:
        respond: answers a request with a status and JSON.
        greet: makes the other end of a WebSocket.
    """

    def __init__(self, respond: Respond, greet: Greet) -> None:
        self._respond = respond
        self._greet = greet
        self._buffer = bytearray()
        self._peer: Peer | None = None
        self._transport: Any = None
        self._zlib = zlib.compressobj()
        self.writable = asyncio.Event()
        self.writable.set()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Remember where to write."""
        self._transport = transport

    def connection_lost(self, exc: Exception | None) -> None:
        """Tell the peer."""
        del exc
        self.writable.set()
        if self._peer is not None:
            self._peer.left()

    def pause_writing(self) -> None:
        """Let whoever sends events wait."""
        self.writable.clear()

    def resume_writing(self) -> None:
        """Let them go on."""
        self.writable.set()

    def data_received(self, data: bytes) -> None:
        """Take what came."""
        self._buffer += data
        while self._peer is None and self._take_request():
            pass
        while self._peer is not None and self._take_frame():
            pass

    def send(self, text: str) -> None:
        """Send a text as the next piece of the zlib stream."""
        packed = self._zlib.compress(text.encode()) + self._zlib.flush(zlib.Z_SYNC_FLUSH)
        self._transport.write(_head(_BINARY, len(packed)) + packed)

    def close(self, code: int) -> None:
        """Close the WebSocket."""
        self._transport.write(_head(_CLOSE, 2) + code.to_bytes(2, "big"))
        self._transport.close()

    def _take_request(self) -> bool:
        end = self._buffer.find(b"\r\n\r\n")
        if end < 0:
            return False
        first, *lines = self._buffer[:end].decode("latin-1").split("\r\n")
        headers = {name.lower(): value for name, _, value in (line.partition(": ") for line in lines)}
        size = int(headers.get("content-length", "0"))
        if len(self._buffer) < end + 4 + size:
            return False
        body = bytes(self._buffer[end + 4 : end + 4 + size])
        del self._buffer[: end + 4 + size]
        if "sec-websocket-key" in headers:
            self._upgrade(headers["sec-websocket-key"])
            return False
        method, target, _ = first.split(" ")
        path, _, query = target.partition("?")
        token = headers.get("authorization", "").removeprefix("Bot ")
        self._answer(*self._respond(Request(method, path, query, token, body)))
        return True

    def _answer(self, status: int, content: bytes) -> None:
        head = f"HTTP/1.1 {status} -\r\nContent-Type: application/json\r\nVia: bench\r\n"
        if status != 204:  # noqa: PLR2004 - HTTP's own number: no content, so no length
            head += f"Content-Length: {len(content)}\r\n"
        self._transport.write(head.encode() + b"\r\n" + content)

    def _upgrade(self, key: str) -> None:
        accept = base64.b64encode(hashlib.sha1(key.encode() + _GUID, usedforsecurity=False).digest())
        self._transport.write(
            b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            b"Sec-WebSocket-Accept: " + accept + b"\r\n\r\n"
        )
        self._peer = self._greet(self)

    def _take_frame(self) -> bool:
        """Take one frame of a client, which is masked and never in pieces here."""
        buffer = self._buffer
        if len(buffer) < 2:  # noqa: PLR2004 - the shortest head
            return False
        kind, size, begin = buffer[0] & 0x0F, buffer[1] & 0x7F, 2
        if size >= _LENGTH_16:
            width = 2 if size == _LENGTH_16 else 8
            size, begin = int.from_bytes(buffer[2 : 2 + width], "big"), 2 + width
        if len(buffer) < begin + 4 + size:
            return False
        mask, packed = buffer[begin : begin + 4], buffer[begin + 4 : begin + 4 + size]
        del buffer[: begin + 4 + size]
        plain = _unmasked(packed, mask)
        if kind == _CLOSE:
            self._transport.write(_head(_CLOSE, len(plain)) + plain)
            self._transport.close()
        elif kind != _PING and self._peer is not None:
            self._peer.take(plain)
        return True


def _head(kind: int, size: int) -> bytes:
    if size < _LENGTH_16:
        return bytes((0x80 | kind, size))
    if size < _LONG:
        return bytes((0x80 | kind, _LENGTH_16)) + size.to_bytes(2, "big")
    return bytes((0x80 | kind, _LENGTH_64)) + size.to_bytes(8, "big")


def _unmasked(packed: bytearray, mask: bytearray) -> bytes:
    size = len(packed)
    key = int.from_bytes((mask * (size // 4 + 1))[:size], "big")
    return (int.from_bytes(packed, "big") ^ key).to_bytes(size, "big")
