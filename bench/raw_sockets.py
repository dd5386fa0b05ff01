"""Many WebSocket clients in one thread that do little more than count what comes (RFC 6455)."""

import base64
import json
import os
import selectors
import socket
import struct
import time
from typing import Any, Final

_PART: Final = 1 << 20
_TIMEOUT_SECONDS: Final = 60.0
_LENGTH_16, _LENGTH_64 = 126, 127


class RawSocket:
    """One Socket.IO client: it speaks the handshake, then splits frames.

    Attributes:
        messages: whole messages so far, when it keeps them.
        count: how many row messages came.
    """

    def __init__(self, port: int, *, keeps: bool) -> None:
        self.connection = socket.create_connection(("127.0.0.1", port), timeout=_TIMEOUT_SECONDS)
        self.messages: list[bytes] = []
        self.count = 0
        self._keeps = keeps
        self._buffer = bytearray()
        key = base64.b64encode(os.urandom(16)).decode()
        self.connection.sendall(
            (
                "GET /socket.io/?EIO=4&transport=websocket HTTP/1.1\r\n"
                f"Host: 127.0.0.1:{port}\r\nOrigin: http://127.0.0.1:{port}\r\nUpgrade: websocket\r\n"
                f"Connection: Upgrade\r\nSec-WebSocket-Key: {key}\r\nSec-WebSocket-Version: 13\r\n\r\n"
            ).encode()
        )
        while b"\r\n\r\n" not in self._buffer:
            self._buffer += self.connection.recv(_PART)
        del self._buffer[: self._buffer.index(b"\r\n\r\n") + 4]
        self._wait_for(b"0")
        self.say("40")
        self._wait_for(b'42["ready"')

    def say(self, text: str) -> None:
        """Send a short text. The mask is all zeros, which a mask may be."""
        data = text.encode()
        self.connection.sendall(bytes([0x81, 0x80 | len(data)]) + bytes(4) + data)

    def take(self) -> None:
        """Take what came."""
        self._buffer += self.connection.recv(_PART)
        for message in self._split():
            if message.startswith(b'42["rows"'):
                self.count += 1
                if self._keeps:
                    self.messages.append(message)

    def ids(self) -> list[int]:
        """Give the ids of all rows that it kept."""
        found: list[dict[str, Any]] = [json.loads(message[2:])[1] for message in self.messages]
        return [row["id"] for message in found for row in message["rows"]]

    def _wait_for(self, start: bytes) -> None:
        while not any(message.startswith(start) for message in self._split()):
            self._buffer += self.connection.recv(_PART)

    def _split(self) -> list[bytes]:
        found = []
        place = 0
        while (frame := self._frame(place)) is not None:
            begin, place = frame
            found.append(
                bytes(self._buffer[begin:place]) if self._keeps else bytes(self._buffer[begin : begin + 16])
            )
        del self._buffer[:place]
        return found

    def _frame(self, place: int) -> tuple[int, int] | None:
        """Give where a frame's data begins and ends, None while it is not whole."""
        room = len(self._buffer) - place
        if room < 10:  # noqa: PLR2004 - no message of ours is shorter than the longest head
            return self._short_frame(place, room)
        length, begin = self._buffer[place + 1], place + 2
        if length == _LENGTH_16:
            (length,) = struct.unpack_from("!H", self._buffer, begin)
            begin += 2
        elif length == _LENGTH_64:
            (length,) = struct.unpack_from("!Q", self._buffer, begin)
            begin += 8
        return (begin, begin + length) if begin + length <= len(self._buffer) else None

    def _short_frame(self, place: int, room: int) -> tuple[int, int] | None:
        if room < 2 or self._buffer[place + 1] >= _LENGTH_16:  # noqa: PLR2004 - the shortest head
            return None
        end = place + 2 + self._buffer[place + 1]
        return (place + 2, end) if end <= len(self._buffer) else None


def deliver(sockets: list[RawSocket], batches: int) -> float:
    """Let the server send so many batches and wait until each socket has them. Gives the seconds."""
    wanted = {each: each.count + batches for each in sockets}
    with selectors.DefaultSelector() as selector:
        for each in sockets:
            selector.register(each.connection, selectors.EVENT_READ, each)
        began = time.perf_counter()
        sockets[0].say(f'42["go",{batches}]')
        while wanted:
            ready = selector.select(_TIMEOUT_SECONDS)
            assert ready, "nothing came for a minute"
            for key, _ in ready:
                key.data.take()
                if key.data in wanted and key.data.count >= wanted[key.data]:
                    del wanted[key.data]
        return time.perf_counter() - began
