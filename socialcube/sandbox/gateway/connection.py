"""One WebSocket: frames in, frames out, a pulse."""

import asyncio
import contextlib
import json
import zlib
from typing import TYPE_CHECKING, Any, Final

from aiohttp import WSMsgType, web

from socialcube.sandbox.cutting import cut
from socialcube.sandbox.errors import InvalidJsonError
from socialcube.sandbox.gateway.faults import GatewayFault
from socialcube.sandbox.gateway.protocol import (
    CLIENT_ENDS_SESSION,
    ENDS_SESSION,
    HEARTBEAT_ACK,
    CloseCode,
    GatewayClosedError,
    NotNowError,
    Opcode,
    frame,
)
from socialcube.sandbox.gateway.troubles import drops_ack, meet
from socialcube.sandbox.jsontext import parse
from socialcube.sandbox.ratelimits import Buckets, Limit

if TYPE_CHECKING:
    from socialcube.sandbox.gateway.hub import Hub
    from socialcube.sandbox.gateway.session import Session

# A client that reads nothing is cut off when this many frames wait for it.
_MOST_WAITING: Final = 10_000
# What a WebSocket reports when no close frame came (RFC 6455, section 7.4.1).
_ABNORMAL: Final = 1006


class Connection:
    """Serves one client from HELLO to the close.

    Args:
        hub: knows the sessions.
        socket: the accepted WebSocket.
        request: the request that opened it.
        compress: send one zlib stream, flushed after each frame.
    """

    def __init__(
        self, hub: "Hub", socket: web.WebSocketResponse, request: web.Request, *, compress: bool
    ) -> None:
        self._hub = hub
        self._socket = socket
        self._request = request
        self._zlib = zlib.compressobj() if compress else None
        self._outgoing: asyncio.Queue[str | None] = asyncio.Queue(_MOST_WAITING)
        self._window = Buckets(hub.world.clock)
        self.session: Session | None = None
        self.owner: tuple[int | None, str, tuple[int, int] | None] = (None, "", None)
        self.last_beat = hub.world.clock.monotonic()
        self.closed_with: int | None = None
        self._reason = ""
        self.muted = False
        self._aborted = False
        self._held: list[str] | None = None
        self._shuffled: list[str] = []

    @property
    def path(self) -> str:
        """Give the path that it came in on: the first one, or the one for RESUME."""
        return self._request.path

    @property
    def base_url(self) -> str:
        """Give scheme and host for addresses that lead back here."""
        return f"http://{self._request.host}"

    async def serve(self) -> None:
        """Talk until one side closes."""
        writer = asyncio.create_task(self._write())
        interval = int(self._hub.world.limits.heartbeat_seconds * 1000)
        try:
            meet(self._hub.faults, self, "connect")
            self.send(frame(Opcode.HELLO, {"heartbeat_interval": interval, "_trace": ["sandbox"]}))
            meet(self._hub.faults, self, "hello")
            await self._read()
        except GatewayClosedError as error:
            self.close(error.close_code, error.reason)
        finally:
            # A close of ours goes out behind the frames that still wait, so the writer finishes by itself.
            if self.closed_with is None:
                writer.cancel()
            await asyncio.wait({writer})
            self._leave()

    def send(self, message: dict[str, Any]) -> None:
        """Queue a frame."""
        self.send_text(json.dumps(message, separators=(",", ":")))

    def send_text(self, text: str) -> None:
        """Queue a frame that is text already. A client that lets too many wait is cut off."""
        try:
            self._outgoing.put_nowait(text)
        except asyncio.QueueFull:
            # Dropping single frames would leave a hole that no RESUME could fill.
            self.abort()

    def deliver(self, text: str, fault: GatewayFault | None = None) -> None:
        """Send an event, unless a fault has other plans for it."""
        if self._held is not None:
            self._held.append(text)
        elif fault is not None and fault.deed == "reorder":
            self._shuffle_in(text, fault)
        else:
            copies = fault.copies if fault is not None and fault.deed == "duplicate" else 1
            for _ in range(copies):
                self.send_text(text)

    def hold(self, seconds: float) -> None:
        """Keep all events back for a while; heartbeats are answered on."""
        self._held = []
        asyncio.get_running_loop().call_later(seconds, self._release)

    def close(self, code: int, reason: str = "") -> None:
        """Close after everything queued was sent. Only the first call counts."""
        if self.closed_with is None and not self._aborted:
            self.closed_with, self._reason = code, reason
            with contextlib.suppress(asyncio.QueueFull):
                self._outgoing.put_nowait(None)

    def abort(self) -> None:
        """Cut the TCP connection without a word."""
        self._aborted = True
        cut(self._request.transport)

    async def _read(self) -> None:
        async for message in self._socket:
            if message.type in {WSMsgType.TEXT, WSMsgType.BINARY} and not self.muted:
                self._take(message.data if isinstance(message.data, bytes) else message.data.encode())

    def _take(self, raw: bytes) -> None:
        limits = self._hub.world.limits
        if len(raw) > limits.payload_bytes:
            raise GatewayClosedError(CloseCode.DECODE_ERROR, "Error while decoding payload.")
        allowed = Limit(limits.gateway_commands, limits.gateway_commands_seconds)
        if not self._window.take("commands", allowed).allowed:
            raise GatewayClosedError(CloseCode.RATE_LIMITED, "Rate limited.")
        try:
            message = parse(raw)
        except InvalidJsonError:
            raise GatewayClosedError(CloseCode.DECODE_ERROR, "Error while decoding payload.") from None
        if not isinstance(message, dict) or not isinstance(message.get("op"), int):
            raise GatewayClosedError(CloseCode.DECODE_ERROR, "Error while decoding payload.")
        self._handle(message["op"], message.get("d"))

    def _handle(self, opcode: int, data: Any) -> None:
        if opcode == Opcode.HEARTBEAT:
            self.last_beat = self._hub.world.clock.monotonic()
            if not drops_ack(self._hub.faults, self.session):
                self.send(HEARTBEAT_ACK)
        elif opcode in {Opcode.IDENTIFY, Opcode.RESUME}:
            self._authenticate(opcode, data)
        elif self.session is None:
            raise GatewayClosedError(CloseCode.NOT_AUTHENTICATED, "Not authenticated.")
        else:
            self._hub.obey(self.session, opcode, data)

    def _authenticate(self, opcode: int, data: Any) -> None:
        if self.session is not None:
            raise GatewayClosedError(CloseCode.ALREADY_AUTHENTICATED, "Already authenticated.")
        if not isinstance(data, dict):
            raise GatewayClosedError(CloseCode.DECODE_ERROR, "Error while decoding payload.")
        try:
            (self._hub.identify if opcode == Opcode.IDENTIFY else self._hub.resume)(self, data)
        except NotNowError as error:
            self.send(frame(Opcode.INVALID_SESSION, data=error.resumable))

    def _shuffle_in(self, text: str, fault: GatewayFault) -> None:
        """Gather events; the first of them sets the time after which they go out, however few they are."""
        if not self._shuffled:
            asyncio.get_running_loop().call_later(fault.seconds, self._send_shuffled, fault)
        self._shuffled += [text] * fault.copies
        if len(self._shuffled) >= fault.window * fault.copies:
            self._send_shuffled(fault)

    def _send_shuffled(self, fault: GatewayFault) -> None:
        frames, self._shuffled = self._shuffled, []
        fault.shuffle(frames)
        for text in frames:
            self.send_text(text)

    def _release(self) -> None:
        held, self._held = self._held or [], None
        for text in held:
            self.send_text(text)

    async def _write(self) -> None:
        # The peer may be gone at any moment; reading ends the connection then.
        with contextlib.suppress(ConnectionError, RuntimeError):
            while (text := await self._outgoing.get()) is not None:
                if not self.muted:
                    await self._transmit(text)
            await self._socket.close(
                code=self.closed_with or CloseCode.UNKNOWN_ERROR, message=self._reason.encode()
            )

    async def _transmit(self, text: str) -> None:
        if self._zlib is None:
            await self._socket.send_str(text)
            return
        packed = self._zlib.compress(text.encode()) + self._zlib.flush(zlib.Z_SYNC_FLUSH)
        await self._socket.send_bytes(packed)

    def _leave(self) -> None:
        if self.closed_with is not None:
            self._hub.detach(self, self.closed_with, ended=self.closed_with in ENDS_SESSION)
        else:
            code = self._socket.close_code or _ABNORMAL
            self._hub.detach(self, code, ended=code in CLIENT_ENDS_SESSION)
