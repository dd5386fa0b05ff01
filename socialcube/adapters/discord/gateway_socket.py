"""One gateway connection: py-cord's socket, with its ways of harming a fleet taken away."""

import asyncio
import logging
import random
import sys
import zlib
from typing import TYPE_CHECKING, Any, Final, Self

from discord import utils
from discord.gateway import DiscordWebSocket, ReconnectWebSocket

from socialcube.adapters.discord.frame_limit import FrameLimit
from socialcube.adapters.discord.heartbeat import Heartbeat
from socialcube.adapters.errors import HeldError
from socialcube.domain.placements.errors import LeaseLostError

if TYPE_CHECKING:
    from socialcube.adapters.discord.client import GatewayClient

_INVALID_SESSION_CODE: Final = 1000
_RESUMABLE_CODE: Final = 4000
_ZLIB_SUFFIX: Final = b"\x00\x00\xff\xff"

_log = logging.getLogger(__name__)


class GatewaySocket(DiscordWebSocket):
    """Reads and writes one connection.

    Unlike py-cord 2.8.1's socket it has no thread, survives an event it cannot understand, does not ask
    for two kinds of compression at once, and asks before each frame whether this runner owns the bot.
    """

    _client: "GatewayClient"

    @classmethod
    async def from_client(  # noqa: PLR0913 - py-cord's own signature
        cls,
        client: Any,
        *,
        initial: bool = False,
        gateway: str | None = None,
        shard_id: int | None = None,
        session: str | None = None,
        sequence: int | None = None,
        resume: bool = False,
    ) -> Self:
        """Connect, wait for HELLO, then resume the session or start one.

        Raises:
            PlatformUnreachableError, ReconnectWebSocket, ConnectionClosed, LeaseLostError.
        """
        url = gateway or await client.http.get_gateway()
        ws = cls(await client.http.ws_connect(url), loop=client.loop)
        ws._adopt(client, url, initial=initial, shard_id=shard_id)
        ws.session_id, ws.sequence = session, sequence
        try:
            await ws.poll_event()
            await (ws.resume() if resume else ws.identify())
        except BaseException:
            await ws.drop()
            raise
        return ws

    async def identify(self) -> None:
        """Start a session. The stream is compressed already, so the payload does not ask for it again."""
        payload: dict[str, object] = {
            "token": self.token,
            "intents": self._connection._intents.value,
            "properties": {"os": sys.platform, "browser": "socialcube", "device": "socialcube"},
            "large_threshold": 50,
            "presence": self._client.begin_presence(),
        }
        if self.shard_id is not None and self.shard_count is not None:
            payload["shard"] = [self.shard_id, self.shard_count]
        await self.send_as_json({"op": self.IDENTIFY, "d": payload})

    async def received_message(self, msg: Any, /) -> None:
        """Take one frame: obey the gateway's commands, hand events on.

        Raises:
            ReconnectWebSocket: the gateway ended the connection or the session.
        """
        frame = self._decode(msg)
        if frame is None:
            return
        if frame.get("op") == self.DISPATCH:
            run = self._take_event(str(frame.get("t")), frame.get("d"))
            if isinstance(sequence := frame.get("s"), int):
                self.sequence = max(self.sequence or 0, sequence)
                self._client.handled.follow(sequence, run)
        else:
            await self._obey(frame.get("op"), frame.get("d"))

    async def send(self, data: str, /) -> None:
        """Send a frame within the gateway's rate limit."""
        self._check_right_to_send()
        await super().send(data)

    async def send_heartbeat(self, data: Any) -> None:
        """Send a heartbeat past the rate limiter."""
        self._check_right_to_send()
        await super().send_heartbeat(data)

    async def close(self, code: int = _RESUMABLE_CODE) -> None:
        """Close politely, or without a word when this runner may not speak for the bot any more."""
        if self._client.may_send():
            await super().close(code)
        else:
            await self.drop()

    async def drop(self) -> None:
        """Cut the connection without sending anything."""
        if self._keep_alive:
            self._keep_alive.stop()
            self._keep_alive = None
        self._close_code = _RESUMABLE_CODE
        self.socket._response.close()

    def _adopt(self, client: Any, url: str, *, initial: bool, shard_id: int | None) -> None:
        """Set what py-cord sets from outside, in `DiscordWebSocket.from_client`."""
        self._client = client
        self.token = client.http.token
        self.gateway = url
        self._connection = client._connection
        self._discord_parsers = client._connection.parsers
        self._dispatch = client.dispatch
        self.call_hooks = client._connection.call_hooks
        self._initial_identify = initial
        self.shard_id = shard_id
        self.shard_count = client._connection.shard_count
        self._rate_limiter = FrameLimit(client.clock)
        self._rate_limiter.shard_id = shard_id
        # The heartbeat notices a silent gateway; a deadline for each frame only costs time.
        self._max_heartbeat_timeout: Any = None

    def _check_right_to_send(self) -> None:
        if not self._client.may_send():
            raise LeaseLostError

    def _decode(self, message: str | bytes) -> dict[str, Any] | None:
        """Give a frame, or None when it is not complete yet or makes no sense."""
        if isinstance(message, bytes):
            self._buffer.extend(message)
            if message[-4:] != _ZLIB_SUFFIX:
                return None
            packed, self._buffer = self._buffer, bytearray()
            message = self._inflate(packed)
        try:
            frame = utils._from_json(message)
        except ValueError as error:
            self._client.skip_event("(unreadable frame)", error)
            return None
        return frame if isinstance(frame, dict) else None

    def _inflate(self, packed: bytearray) -> str:
        try:
            return self._zlib.decompress(packed).decode("utf-8", "replace")
        except zlib.error:
            # The stream cannot be picked up again in the middle; the session can, on a new connection.
            raise _reconnect() from None

    def _take_event(self, name: str, data: Any) -> asyncio.Task[None] | None:
        """Hand an event on. Gives the run that it started, None when it was handled by that."""
        try:
            if name == "READY":
                self._take_ready(data)
            return self._client.take_event(name, data)
        except HeldError:
            raise
        except Exception as error:
            # Whatever an event holds, the bot outlives it.
            if name == "READY":
                # Without a session there is nothing to go on with.
                raise _reconnect(resume=False) from error
            self._client.skip_event(name, error)
            return None

    def _take_ready(self, data: Any) -> None:
        self.session_id = str(data["session_id"])
        self.resume_gateway_url = str(data["resume_gateway_url"])
        data["__shard_id__"] = self.shard_id

    async def _obey(self, opcode: Any, data: Any) -> None:
        match opcode:
            case self.HEARTBEAT_ACK:
                if self._keep_alive:
                    self._keep_alive.ack()
                self._client.note_ack()
            case self.HELLO:
                self._start_heartbeat(data)
            case self.HEARTBEAT:
                await self.send_heartbeat({"op": self.HEARTBEAT, "d": self.sequence})
            case self.RECONNECT:
                await self.close()
                raise _reconnect()
            case self.INVALIDATE_SESSION:
                resumable = data is True
                await self.close(_RESUMABLE_CODE if resumable else _INVALID_SESSION_CODE)
                raise _reconnect(resume=resumable)
            case _:
                _log.warning("The gateway sent the unknown opcode %r.", opcode)

    def _start_heartbeat(self, hello: Any) -> None:
        try:
            interval = float(hello["heartbeat_interval"]) / 1000
        except (KeyError, TypeError, ValueError):
            raise _reconnect() from None
        # py-cord stops and acknowledges it, and never asks whether it is a thread.
        heartbeat: Any = Heartbeat(self, interval, clock=self._client.clock, jitter=random.random)
        self._keep_alive = heartbeat
        heartbeat.start()


def is_open(ws: DiscordWebSocket | None) -> bool:
    """Tell whether a connection stands."""
    return ws is not None and ws.open


def _reconnect(*, resume: bool = True) -> ReconnectWebSocket:
    return ReconnectWebSocket(None, resume=resume)  # type: ignore[no-untyped-call] # py-cord gives it no types
