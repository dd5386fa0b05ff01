"""Stand-ins for aiohttp's session and for a gateway, both scripted by the test."""

import asyncio
import json
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, Self

import aiohttp

from socialcube.adapters.discord.quick_calls import QuickAnswer
from socialcube.adapters.discord.transport import Transport
from socialcube.kernel.clock import Clock


@dataclass
class Answer:
    """One HTTP answer."""

    status: int = 200
    body: object = None
    headers: dict[str, str] = field(default_factory=dict)
    content_type: str = "application/json"

    async def text(self, **_: object) -> str:
        return self.body if isinstance(self.body, str) else json.dumps(self.body)

    async def json(self, **_: object) -> Any:
        return json.loads(await self.text())

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, *_: object) -> None:
        return None


@dataclass
class Call:
    """One request that was made."""

    method: str
    url: str
    options: dict[str, Any]

    @property
    def json(self) -> Any:
        """Give the body that was sent."""
        return self.options["json"] if "json" in self.options else json.loads(self.options["data"])


class FakeSession:
    """Answers requests with what was scripted; an exception in the script is raised."""

    def __init__(self) -> None:
        self.script: deque[Answer | BaseException] = deque()
        self.calls: list[Call] = []

    def request(self, method: str, url: str, **options: Any) -> Answer:
        self.calls.append(Call(method, url, options))
        answer = self.script.popleft()
        if isinstance(answer, BaseException):
            raise answer
        return answer


class FakeGateway:
    """One gateway connection: gives its frames one after the other, then closes with its code."""

    def __init__(self, frames: Iterable[object], close_code: int | None = None) -> None:
        self.close_code: int | None = None
        self.sent: list[dict[str, Any]] = []
        self.closed_with: int | None = None
        self.dropped = False
        self._frames = deque(frames)
        self._code = close_code
        self._open = asyncio.Event()
        self._response = _Response(self)

    @property
    def closed(self) -> bool:
        return self.closed_with is not None or self.dropped or self.close_code is not None

    async def receive(self, **_: object) -> aiohttp.WSMessage:
        if self._frames:
            frame = self._frames.popleft()
            kind = aiohttp.WSMsgType.BINARY if isinstance(frame, bytes) else aiohttp.WSMsgType.TEXT
            data = frame if isinstance(frame, bytes | str) else json.dumps(frame)
            return aiohttp.WSMessage(kind, data, None)
        if self._code is None:
            await self._open.wait()
        self.close_code = self.closed_with or self._code
        return aiohttp.WSMessage(aiohttp.WSMsgType.CLOSED, None, None)

    async def send_str(self, data: str) -> None:
        self.sent.append(json.loads(data))

    async def close(self, *, code: int) -> None:
        """Close politely."""
        self.closed_with = code
        self._open.set()

    def cut(self) -> None:
        """Cut the connection without a word."""
        self.dropped = True
        self._open.set()


class _Response:
    """What aiohttp's socket closes when it is dropped."""

    def __init__(self, gateway: FakeGateway) -> None:
        self._gateway = gateway

    def close(self) -> None:
        self._gateway.cut()


class FakeTransport(Transport):
    """A transport whose session and gateways are scripted.

    Attributes:
        gateways: connections to hand out, or exceptions to raise, in order.
        opened: the addresses that were asked for.
    """

    def __init__(self, clock: Clock) -> None:
        super().__init__("https://discord.test/api/v10", clock)
        self.fake = FakeSession()
        self.gateways: deque[FakeGateway | Exception] = deque()
        self.opened: list[str] = []

    @property
    def session(self) -> Any:
        return self.fake

    async def call_quickly(
        self, method: str, path: str, body: bytes, seconds: float, check: Callable[[], None]
    ) -> QuickAnswer:
        check()
        answer = self.fake.request(method, self.base_url + path, data=body, seconds=seconds)
        content = b"" if answer.status == 204 else (await answer.text()).encode()
        return QuickAnswer(answer.status, answer.headers, content)

    async def open_gateway(self, url: str) -> Any:
        self.opened.append(url)
        gateway = self.gateways.popleft()
        if isinstance(gateway, Exception):
            raise gateway
        return gateway
