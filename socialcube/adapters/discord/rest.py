"""REST for one bot: py-cord's catalogue of routes over our own way of sending."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NoReturn
from urllib.parse import quote, urlsplit, urlunsplit
from uuid import UUID

import aiohttp
from discord.http import HTTPClient, Route

from socialcube.adapters.backoff import backoff
from socialcube.adapters.base import SessionStarts
from socialcube.adapters.discord.rate_limits import LONGEST_WAIT_SECONDS, RateLimits, read_seconds
from socialcube.adapters.discord.refusals import code_of, reason_of
from socialcube.adapters.discord.transport import Transport, bearer, describe
from socialcube.adapters.errors import CallRefusedError, PlatformUnreachableError, TokenInvalidError
from socialcube.domain.placements.errors import LeaseLostError
from socialcube.kernel.secrets import Secret

if TYPE_CHECKING:
    from datetime import datetime

_TRIES: Final = 5
_SAFE_TO_REPEAT: Final = frozenset({"GET", "PUT", "PATCH", "DELETE"})
_GATEWAY_QUERY: Final = "encoding=json&v=10&compress=zlib-stream"
_MOST_SHARDS: Final = 10_000


class RestClient(HTTPClient):
    """Sends a bot's requests.

    Unlike py-cord 2.8.1's client it takes its base URL from the settings, shares one session with
    all bots, retries what Linux calls a reset connection, believes a 429 without a `Via` header,
    never waits longer than a minute, asks before each request whether this runner still owns the bot, and
    sends nothing more once the token was refused.

    Args:
        transport: the process's connections.
        token: the bot's.
        may_send: asked before each request.
        sleep: waits between tries.
        bot_id: our key of the bot, under which refused requests are counted.
    """

    def __init__(
        self,
        transport: Transport,
        token: Secret,
        may_send: Callable[[], bool],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        *,
        bot_id: UUID | None = None,
    ) -> None:
        super().__init__(loop=asyncio.get_running_loop())
        self.last_success_at: datetime | None = None
        self.token = token.reveal()
        self._transport = transport
        self._may_send = may_send
        self._bot_id = bot_id
        self._is_refused = False
        self._sleep = sleep
        self._limits = RateLimits(transport.clock, sleep)

    async def request(
        self, route: Route, *, files: object = None, form: object = None, **options: Any
    ) -> Any:
        """Send a request and give its JSON, or its text when it has none.

        Args:
            route: of py-cord's catalogue; its base is replaced by ours.
            files: not offered by this client.
            form: not offered by this client.
            options: `json`, `params`, `reason`, and `repeat` for a POST that does no harm twice.

        Raises:
            CallRefusedError: Discord said no.
            TokenInvalidError: Discord does not know the token.
            PlatformUnreachableError: Discord gave no sensible answer, several times.
            LeaseLostError: this runner may not speak for the bot any more.
        """
        if files or form:
            raise NotImplementedError("uploads are not part of this client")
        repeat = options.pop("repeat", False) or route.method in _SAFE_TO_REPEAT
        key = f"{route.method}:{route.bucket}"
        url = self._transport.base_url + route.url.removeprefix(route.base)
        async with self._limits.turn(key):
            return await self._try(route.method, url, key, _call_options(options), repeat=repeat)

    async def get_session_start(self) -> tuple[str, SessionStarts]:
        """Ask where the gateway is and how many sessions may still be started.

        Raises:
            TokenInvalidError, PlatformUnreachableError, LeaseLostError: as `request`.
        """
        try:
            answer = await self.request(Route("GET", "/gateway/bot"))
            limit = answer["session_start_limit"]
            starts = SessionStarts(
                int(limit["remaining"]),
                int(limit["total"]),
                float(limit["reset_after"]) / 1000,
                shards=_count(answer.get("shards")),
                max_concurrency=_count(limit.get("max_concurrency")),
            )
            return gateway_url(str(answer["url"])), starts
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise PlatformUnreachableError(reason="its answer made no sense") from error
        except CallRefusedError as error:
            raise PlatformUnreachableError(reason=f"it answered {error.status}") from error

    async def ws_connect(self, url: str, *, compress: int = 0) -> aiohttp.ClientWebSocketResponse:
        """Open a gateway connection through the process's session."""
        del compress
        return await self._transport.open_gateway(url)

    def note_success(self) -> None:
        """Note that Discord did what was asked for, here or by way of an interaction's token."""
        self.last_success_at = self._transport.clock.now()

    async def close(self) -> None:
        """Leave the shared session open: it belongs to the process, not to this bot."""

    async def _try(self, method: str, url: str, key: str, options: dict[str, Any], *, repeat: bool) -> Any:
        problem = "it did not answer"
        for failures in range(_TRIES):
            await self._limits.wait(key)
            await self._wait_for_address()
            self._check_right_to_send()
            try:
                status, headers, data = await self._send(method, url, options)
            except (aiohttp.ClientError, OSError, TimeoutError) as error:
                problem = describe(error)
                if not repeat:
                    raise PlatformUnreachableError(reason=problem) from error
            else:
                self._limits.learn(key, headers)
                if status < 300:  # noqa: PLR2004 - HTTP's own border between success and the rest
                    self.note_success()
                    return data
                if status == 429:  # noqa: PLR2004 - HTTP's own number
                    self._wait_out(key, headers, data)
                    continue
                if status < 500 or not repeat:  # noqa: PLR2004 - HTTP's own border
                    _refuse(status, data)
                problem = f"it answered {status}"
            await self._sleep(backoff(failures + 1, base=0.5, cap=8.0))
        raise PlatformUnreachableError(reason=problem)

    async def _send(self, method: str, url: str, options: dict[str, Any]) -> tuple[int, Any, Any]:
        headers = {**bearer(self.token or ""), **options.get("headers", {})}
        async with self._transport.session.request(
            method, url, **{**options, "headers": headers}, allow_redirects=False
        ) as response:
            text = await response.text(encoding="utf-8", errors="replace")
            data = _decode(text, response.content_type)
            self._transport.note(response.status, response.headers, data, self._bot_id)
            self._is_refused |= response.status == 401  # noqa: PLR2004 - HTTP's own number
            return response.status, response.headers, data

    def _check_right_to_send(self) -> None:
        if not self._may_send():
            raise LeaseLostError
        if self._is_refused:
            # Discord counts each further try against every bot of this address.
            raise TokenInvalidError(reason="it answered 401 before")
        if self._transport.invalid.too_many:
            raise PlatformUnreachableError(reason="too many of our requests were refused; we pause")

    async def _wait_for_address(self) -> None:
        while (pause := self._transport.blocked_seconds) > 0:
            if pause > LONGEST_WAIT_SECONDS:
                raise PlatformUnreachableError(reason=f"it has blocked this address for {pause:.0f} seconds")
            await self._sleep(pause)

    def _wait_out(self, key: str, headers: Any, data: Any) -> None:
        """Close the bucket for as long as a 429 says; a wait that nobody would wait for is a refusal."""
        if not isinstance(data, dict) or not data:
            return  # The transport has closed the whole address.
        seconds = read_seconds(data.get("retry_after", headers.get("Retry-After")))
        self._limits.block(key, seconds, everything=bool(data.get("global")))
        if seconds > LONGEST_WAIT_SECONDS:
            _refuse(429, data)


@lru_cache(maxsize=64)
def gateway_url(url: str) -> str:
    """Add to a gateway's address how we speak with it; resuming needs the very same query."""
    parts = urlsplit(url)
    return urlunsplit((parts.scheme, parts.netloc, parts.path or "/", _GATEWAY_QUERY, ""))


def _count(value: object) -> int:
    """Read how many there are. Whatever cannot be true counts as the one that there always is."""
    if isinstance(value, int) and not isinstance(value, bool) and 1 <= value <= _MOST_SHARDS:
        return value
    return 1


def _call_options(options: dict[str, Any]) -> dict[str, Any]:
    call: dict[str, Any] = {"params": options.get("params")}
    headers: dict[str, str] = {}
    if "json" in options:
        call["data"] = json.dumps(options["json"], separators=(",", ":")).encode()
        headers["Content-Type"] = "application/json"
    if options.get("reason"):
        headers["X-Audit-Log-Reason"] = quote(options["reason"], safe="/ ")
    return {**call, "headers": headers}


def _decode(text: str, content_type: str) -> Any:
    if content_type != "application/json":
        return text
    try:
        return json.loads(text)
    except ValueError:
        return text


def _refuse(status: int, data: Any) -> NoReturn:
    if status == 401:  # noqa: PLR2004 - HTTP's own number
        raise TokenInvalidError(reason="it answered 401")
    raise CallRefusedError(status=status, api_code=code_of(data), reason=reason_of(status, data))
