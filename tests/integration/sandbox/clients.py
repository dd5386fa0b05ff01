"""Small clients for the sandbox that check everything they hear against Discord's descriptions."""

import asyncio
import json
import zlib
from dataclasses import dataclass
from typing import Any, Self

import aiohttp

from socialcube.sandbox.control.client import Bot
from socialcube.sandbox.running import RunningSandbox
from tests.integration.sandbox import schemas

SECONDS = 30.0


@dataclass(frozen=True)
class Answer:
    status: int
    value: Any
    headers: dict[str, str]

    @property
    def number(self) -> int:
        """Give Discord's error code."""
        return int(self.value["code"])


class Api:
    """Calls the REST API as one bot, as a signed-in person, or as nobody."""

    def __init__(
        self, sandbox: RunningSandbox, session: aiohttp.ClientSession, authorization: str = ""
    ) -> None:
        self._base = sandbox.api_base_url
        self._session = session
        self._headers = {"Authorization": authorization} if authorization else {}

    async def __call__(self, method: str, path: str, body: Any = None, **request: Any) -> Answer:
        """Send a request; a body that is not None goes as JSON. `checked=False` is for made-up answers."""
        if body is not None:
            request["json"] = body
        headers = self._headers | request.pop("headers", {})
        checked = request.pop("checked", True) and schemas.FOUND
        async with self._session.request(method, self._base + path, headers=headers, **request) as response:
            raw = await response.read()
            value = json.loads(raw) if raw else None
            if checked and value is not None:
                assert response.headers["Content-Type"] == "application/json"
            plain = path.partition("?")[0]
            if checked and response.status not in {404, 405} | _UNDESCRIBED:
                schemas.check_answer(method, plain, response.status, value)
            return Answer(response.status, value, dict(response.headers))


# Discord describes 4XX only; a 413 comes from its proxy with the same shape.
_UNDESCRIBED = {413}

# GatewayReconnect is left out: it wants no `d`, which is null in the documentation's example and in reality.
_FRAMES = {10: "GatewayHello", 11: "GatewayHeartbeatAck", 9: "GatewayInvalidSession"}
_EVENTS = {
    "READY": "GatewayReadyDispatchData",
    "GUILD_CREATE": "GatewayGuildCreateDispatchData",
    "GUILD_UPDATE": "GatewayGuildModifyDispatchData",
    "GUILD_DELETE": "GatewayGuildDeleteDispatchData",
    "CHANNEL_CREATE": "GatewayChannelModifyDispatchData",
    "CHANNEL_UPDATE": "GatewayChannelModifyDispatchData",
    "CHANNEL_DELETE": "GatewayChannelModifyDispatchData",
    "GUILD_ROLE_CREATE": "GatewayGuildRoleModifyDispatchData",
    "GUILD_ROLE_DELETE": "GatewayGuildRoleDeleteDispatchData",
    "GUILD_MEMBER_ADD": "GatewayGuildMemberAddDispatchData",
    "GUILD_MEMBER_REMOVE": "GatewayGuildMemberRemoveDispatchData",
    "GUILD_MEMBERS_CHUNK": "GatewayGuildMembersChunkDispatchData",
    "INTERACTION_CREATE": "GatewayInteractionCreateDispatchData",
    "MESSAGE_CREATE": "GatewayMessageCreateDispatchData",
    "MESSAGE_UPDATE": "GatewayMessageUpdateDispatchData",
    "MESSAGE_DELETE": "GatewayMessageDeleteDispatchData",
}


class Gateway:
    """One gateway connection, driven frame by frame."""

    def __init__(self, session: aiohttp.ClientSession, url: str, *, compress: bool = False) -> None:
        self._session = session
        self._url = f"{url}?v=10&encoding=json" + ("&compress=zlib-stream" if compress else "")
        self._inflate = zlib.decompressobj() if compress else None
        self.socket: aiohttp.ClientWebSocketResponse
        self.sequence: int | None = None
        self.close_code: int | None = None

    async def __aenter__(self) -> Self:
        self.socket = await self._session.ws_connect(self._url, max_msg_size=0)
        hello = await self.receive()
        assert hello is not None
        assert hello["op"] == 10
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.socket.close(code=4000)

    async def receive(self) -> dict[str, Any] | None:
        """Give the next frame, or None when the server closed."""
        message = await self.socket.receive(timeout=SECONDS)
        if message.type in {aiohttp.WSMsgType.CLOSE, aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR}:
            self.close_code = self.socket.close_code
            return None
        text = message.data
        if self._inflate is not None:
            assert text.endswith(b"\x00\x00\xff\xff")
            text = self._inflate.decompress(text)
        frame: dict[str, Any] = json.loads(text)
        self._check(frame)
        return frame

    async def event(self, name: str) -> Any:
        """Give what the next event of this name carries; others are passed over."""
        while (frame := await self.receive()) is not None:
            if frame["t"] == name:
                return frame["d"]
        raise AssertionError(f"closed with {self.close_code} before {name}")

    async def closed(self) -> int | None:
        """Wait for the close and give its code."""
        while await self.receive() is not None:
            pass
        return self.close_code

    async def quiet(self, seconds: float = 0.2) -> list[dict[str, Any]]:
        """Give the frames that come within a moment."""
        found: list[dict[str, Any]] = []
        try:
            while True:
                async with asyncio.timeout(seconds):
                    frame = await self.receive()
                if frame is None:
                    return found
                found.append(frame)
        except TimeoutError:
            return found

    async def send(self, op: int, data: Any) -> None:
        """Send a frame."""
        await self.socket.send_str(json.dumps({"op": op, "d": data}))

    async def identify(self, token: str, intents: int = 1 | 1 << 9, **more: Any) -> Any:
        """Send IDENTIFY and give what READY carries."""
        await self.send(2, identify_data(token, intents, **more))
        return await self.event("READY")

    async def resume(self, token: str, session_id: str, sequence: int | None) -> None:
        """Send RESUME."""
        await self.send(6, {"token": token, "session_id": session_id, "seq": sequence})

    def _check(self, frame: dict[str, Any]) -> None:
        if frame["s"] is not None:
            self.sequence = frame["s"]
        if not schemas.FOUND:
            return
        if frame["op"] in _FRAMES:
            schemas.check_frame(_FRAMES[frame["op"]], frame)
        elif frame["t"] in _EVENTS:
            schemas.check_frame(_EVENTS[frame["t"]], frame["d"])


def identify_data(token: str, intents: int, **more: Any) -> dict[str, Any]:
    """Give what IDENTIFY carries."""
    properties = {"os": "linux", "browser": "tests", "device": "tests"}
    return {"token": token, "intents": intents, "properties": properties, **more}


def gateway_url(sandbox: RunningSandbox) -> str:
    """Give the address that GET /gateway tells."""
    return sandbox.origin.replace("http", "ws", 1) + "/gateway"


async def answer_next(api: Api, gateway: Gateway, body: dict[str, Any]) -> tuple[dict[str, Any], Answer]:
    """Wait for an interaction and give it, with the answer to its callback."""
    interaction = await gateway.event("INTERACTION_CREATE")
    path = f"/interactions/{interaction['id']}/{interaction['token']}/callback?with_response=true"
    return interaction, await api("POST", path, body)


def command(name: str = "hello", **more: Any) -> dict[str, Any]:
    """Give the body of a slash command."""
    return {"name": name, "description": "A test command", **more}


__all__ = ["Answer", "Api", "Bot", "Gateway", "answer_next", "command", "gateway_url", "identify_data"]
