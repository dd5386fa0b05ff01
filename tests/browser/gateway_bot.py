"""A bot on the sandbox's own gateway and REST, played by the test without a bot library."""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self

import aiohttp

HELLO, DISPATCH, HEARTBEAT, IDENTIFY = 10, 0, 1, 2
GUILDS = 1

Json = dict[str, Any]
Handler = Callable[["GatewayBot", Json], Awaitable[None]]


class GatewayBot:
    """Online while the context lasts.

    Args:
        origin: where the sandbox listens.
        application_id: whose bot it is.
        token: its bot token.
        handlers: what it does for each command, by name.
    """

    def __init__(self, origin: str, application_id: int, token: str, handlers: dict[str, Handler]) -> None:
        self._api = f"{origin}/api/v10"
        self._application_id = application_id
        self._token = token
        self._handlers = handlers
        self._http = aiohttp.ClientSession()
        self._reader: asyncio.Task[None] | None = None
        self._socket: aiohttp.ClientWebSocketResponse | None = None

    async def __aenter__(self) -> Self:
        """Identify and wait for READY."""
        address = (await self._call("GET", "/gateway/bot"))["url"]
        self._socket = await self._http.ws_connect(f"{address}?v=10&encoding=json")
        assert (await self._socket.receive_json())["op"] == HELLO
        identity = {"token": self._token, "intents": GUILDS, "properties": {}}
        await self._socket.send_json({"op": IDENTIFY, "d": identity})
        assert (await self._socket.receive_json())["t"] == "READY"
        self._reader = asyncio.create_task(self._read(self._socket))
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        """Go offline."""
        if self._socket and self._reader:
            await self._socket.close()
            self._reader.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._reader
        await self._http.close()

    async def publish(self, commands: list[Json]) -> None:
        """Register these as the bot's only commands."""
        await self._call("PUT", f"/applications/{self._application_id}/commands", commands)

    async def respond(self, interaction: Json, kind: int, message: Json | None = None) -> None:
        """Give the first response to an interaction."""
        path = f"/interactions/{interaction['id']}/{interaction['token']}/callback"
        await self._call("POST", path, {"type": kind, "data": message or {}})

    async def follow_up(self, interaction: Json, message: Json) -> None:
        """Give the answer that was promised."""
        path = f"/webhooks/{self._application_id}/{interaction['token']}"
        await self._call("POST", path, message)

    async def _call(self, method: str, path: str, body: Any = None) -> Any:
        headers = {"Authorization": f"Bot {self._token}"}
        async with self._http.request(method, self._api + path, json=body, headers=headers) as response:
            assert response.ok, await response.text()
            return await response.json() if response.status != 204 else None

    async def _read(self, socket: aiohttp.ClientWebSocketResponse) -> None:
        async for frame in socket:
            event = frame.json()
            if event["op"] == DISPATCH and event["t"] == "INTERACTION_CREATE":
                await self._handlers[event["d"]["data"]["name"]](self, event["d"])
