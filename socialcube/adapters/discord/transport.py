"""The process's connections to Discord, shared by all its bots."""

import logging
from collections.abc import Callable, Mapping
from typing import Any, Final
from urllib.parse import urlsplit
from uuid import UUID

import aiohttp
from discord.gateway import DiscordClientWebSocketResponse

from socialcube import USER_AGENT
from socialcube.adapters.discord.quick_calls import QuickAnswer, QuickCalls
from socialcube.adapters.discord.rate_limits import read_seconds
from socialcube.adapters.errors import PlatformUnreachableError
from socialcube.adapters.invalid_answers import InvalidAnswers
from socialcube.kernel.clock import Clock

_MAX_FRAME_BYTES: Final = 64 * 1024 * 1024

_log = logging.getLogger(__name__)


class Transport:
    """One HTTP session for all bots: connections are reused, and the address has one budget.

    Args:
        base_url: REST root with its version, no slash at the end.
        clock: measures the budget's window.
    """

    def __init__(self, base_url: str, clock: Clock) -> None:
        self.base_url = base_url
        self.clock = clock
        self.invalid = InvalidAnswers(clock)
        self._blocked_until = 0.0
        self._session: aiohttp.ClientSession | None = None
        self._quick_calls: QuickCalls | None = None

    @property
    def session(self) -> aiohttp.ClientSession:
        """Give the session, made on first use since it belongs to the running loop."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                # Gateway connections count as connections too, so the pool itself has no limit.
                connector=aiohttp.TCPConnector(limit=0, ttl_dns_cache=60, keepalive_timeout=60),
                headers={"User-Agent": USER_AGENT},
                timeout=aiohttp.ClientTimeout(total=15, sock_connect=5),
                ws_response_class=DiscordClientWebSocketResponse,
            )
        return self._session

    @property
    def blocked_seconds(self) -> float:
        """Give for how long Discord takes nothing from this address, 0 when it does."""
        return max(0.0, self._blocked_until - self.clock.monotonic())

    def note(self, status: int, headers: Mapping[str, str], data: object, bot_id: UUID | None = None) -> None:
        """Take from an answer what concerns every bot behind this address.

        Args:
            status: of the answer.
            headers: of the answer.
            data: its JSON, or anything else when it has none.
            bot_id: the bot that asked, where that is known.
        """
        self.invalid.note(status, bot_id, shared=headers.get("X-RateLimit-Scope") == "shared")
        if status == 429 and not (isinstance(data, dict) and data):  # noqa: PLR2004 - HTTP's own number
            # Discord's own limits come as an object; a page is Cloudflare's, and meant for the address.
            until = self.clock.monotonic() + read_seconds(headers.get("Retry-After"))
            self._blocked_until = max(self._blocked_until, until)

    async def call_quickly(
        self, method: str, path: str, body: bytes, seconds: float, check: Callable[[], None]
    ) -> QuickAnswer:
        """Make a call for which a person waits; see `QuickCalls.call`."""
        if self._quick_calls is None:
            self._quick_calls = QuickCalls(self.session, self.base_url)
        return await self._quick_calls.call(method, path, body, seconds, check)

    async def open_gateway(self, url: str) -> aiohttp.ClientWebSocketResponse:
        """Open a gateway connection.

        Raises:
            PlatformUnreachableError: nobody answers there, or the address is less safe than the API's.
        """
        if urlsplit(self.base_url).scheme == "https" and urlsplit(url).scheme != "wss":
            raise PlatformUnreachableError(reason="it named a gateway that is not encrypted")
        try:
            return await self.session.ws_connect(
                url,
                timeout=aiohttp.ClientWSTimeout(ws_close=2.0),
                autoclose=False,
                max_msg_size=_MAX_FRAME_BYTES,
            )
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            raise PlatformUnreachableError(reason=describe(error)) from error

    async def close(self) -> None:
        """Give back all connections."""
        if self._session is not None:
            await self._session.close()


def describe(error: BaseException) -> str:
    """Say in a few words what went wrong with a connection, without addresses or secrets."""
    if isinstance(error, TimeoutError):
        return "no answer in time"
    if isinstance(error, aiohttp.ClientResponseError):
        return f"it answered {error.status}"
    if isinstance(error, aiohttp.ClientConnectorError):
        return "nobody answers at its address"
    return type(error).__name__


def bearer(token: str) -> dict[str, Any]:
    """Give the header by which a bot says who it is."""
    return {"Authorization": f"Bot {token}"}
