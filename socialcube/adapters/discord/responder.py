"""Answers one interaction, within Discord's three seconds and fifteen minutes."""

import asyncio
import contextlib
import json
from collections.abc import Awaitable, Callable
from typing import Any, Final
from urllib.parse import quote
from uuid import UUID

import aiohttp

from socialcube.adapters.backoff import backoff
from socialcube.adapters.discord.messages import flags, to_payload
from socialcube.adapters.discord.rate_limits import read_seconds
from socialcube.adapters.discord.refusals import reason_of
from socialcube.adapters.discord.transport import Transport, describe
from socialcube.engine.ports import AlreadyAnsweredError, Message, ResponderError, UnknownOutcomeError
from socialcube.kernel.errors import SocialCubeError

FIRST_ANSWER_SECONDS: Final = 3.0
TOKEN_SECONDS: Final = 15 * 60.0
_LONGEST_TRY_SECONDS: Final = 15.0

_NO_ANSWER: Final = 500
_CHANNEL_MESSAGE, _DEFERRED_MESSAGE = 4, 5
_ALREADY_ACKNOWLEDGED: Final = 40060
_WINDOW_CLOSED: Final = frozenset({10062, 10015, _ALREADY_ACKNOWLEDGED, 50027})

_encode: Final = json.JSONEncoder(separators=(",", ":")).encode


class InteractionResponder:
    """The way back to one person.

    py-cord sends the first answer as a form and fails on a 204 after it was delivered; this sends JSON,
    as Discord documents it. The first answer is repeated after a broken connection: had it arrived,
    Discord would say "already acknowledged", which then is a success. Said to the first try it means that
    another process was there before us. A follow-up is never repeated.

    Args:
        transport: the process's connections.
        bot_id: our key of the bot, under which refused answers are counted.
        application_id: whose webhook takes the later answers.
        interaction_id, token: name this one use; no other credential is sent.
        received: monotonic arrival, from which the windows count.
        may_send: asked before each call whether this runner still owns the bot.
        note_success: hears of each call that was taken.
        sleep: waits between tries.
    """

    def __init__(  # noqa: PLR0913 - every fact of the one use has its own name
        self,
        transport: Transport,
        *,
        bot_id: UUID,
        application_id: int,
        interaction_id: int,
        token: str,
        received: float,
        may_send: Callable[[], bool],
        note_success: Callable[[], None],
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._transport = transport
        self._bot_id = bot_id
        key = quote(token, safe="=")
        self._callback = f"/interactions/{interaction_id}/{key}/callback"
        self._webhook = f"/webhooks/{application_id}/{key}"
        self._received = received
        self._may_send = may_send
        self._note_success = note_success
        self._sleep = sleep
        self._deferred = False
        self._answered = False

    async def defer(self, private: bool) -> None:  # noqa: FBT001 - the engine's port
        """Show "is thinking…". Whether the later answer is private is fixed here."""
        await self._answer_first(_DEFERRED_MESSAGE, flags(private=private))
        self._deferred = True

    async def reply(self, message: Message) -> None:
        """Answer, fill the deferred answer, or follow up."""
        body = to_payload(message)
        if self._answered:
            await self._call(
                "POST", f"{self._webhook}?wait=true", body | flags(private=message.private), TOKEN_SECONDS
            )
        elif self._deferred:
            await self._call("PATCH", f"{self._webhook}/messages/@original", body, TOKEN_SECONDS, repeat=True)
        else:
            await self._answer_first(_CHANNEL_MESSAGE, body | flags(private=message.private))
        self._answered = True

    async def _answer_first(self, kind: int, data: dict[str, Any]) -> None:
        await self._call(
            "POST", self._callback, {"type": kind, "data": data}, FIRST_ANSWER_SECONDS, repeat=True
        )

    async def _call(
        self, method: str, path: str, body: dict[str, Any], window: float, *, repeat: bool = False
    ) -> None:
        deadline = self._received + window
        failures = 0
        while True:
            refusal = await self._try(method, path, body, deadline, unsure=failures > 0)
            if refusal is None:
                self._note_success()
                return
            failures += 1
            pause = refusal.pause(failures) if repeat or refusal.untouched else None
            if pause is None or self._transport.clock.monotonic() + pause >= deadline:
                raise refusal.error
            await self._sleep(pause)

    async def _try(
        self, method: str, path: str, body: dict[str, Any], deadline: float, *, unsure: bool
    ) -> "_Refusal | None":
        """Make one call. Gives None when it was taken; `unsure` means that an earlier one may have been."""
        await self._wait_for_address(deadline)
        left = deadline - self._transport.clock.monotonic()
        self._check_right_to_send()
        if left <= 0:
            raise ResponderError("too_late", "the time for an answer is over", reachable=False)
        try:
            status, data = await self._send(method, path, body, min(left, _LONGEST_TRY_SECONDS))
        except (aiohttp.ClientError, OSError, TimeoutError) as error:
            return _Refusal(_NO_ANSWER, {"message": describe(error)})
        if status < 300 or (unsure and data.get("code") == _ALREADY_ACKNOWLEDGED):  # noqa: PLR2004 - HTTP's own border
            return None
        return _Refusal(status, data)

    async def _wait_for_address(self, deadline: float) -> None:
        pause = self._transport.blocked_seconds
        too_long = pause > 0 and self._transport.clock.monotonic() + pause >= deadline
        if too_long or self._transport.invalid.nearly_blocked:
            raise ResponderError("paused", "it takes nothing from this address now", reachable=False)
        if pause > 0:
            await self._sleep(pause)

    def _check_right_to_send(self) -> None:
        if not self._may_send():
            raise ResponderError("lease_lost", "this runner does not own the bot any more", reachable=False)

    async def _send(
        self, method: str, path: str, body: dict[str, Any], seconds: float
    ) -> tuple[int, dict[str, Any]]:
        answer = await self._transport.call_quickly(
            method, path, _encode(body).encode(), seconds, self._check_right_to_send
        )
        data = None
        if answer.content:
            with contextlib.suppress(ValueError):
                data = json.loads(answer.content)
        self._transport.note(answer.status, answer.headers, data, self._bot_id)
        return answer.status, data if isinstance(data, dict) else {}


class _Refusal:
    """One call that was not taken, and whether another may follow."""

    def __init__(self, status: int, data: dict[str, Any]) -> None:
        self._status = status
        self._data = data

    @property
    def untouched(self) -> bool:
        """Tell whether the call surely had no effect, so that even a follow-up may be repeated."""
        return self._status == 429  # noqa: PLR2004 - HTTP's own number

    @property
    def error(self) -> SocialCubeError:
        """Give what the engine shall hear: a refusal, or that nobody knows whether the call had an effect."""
        if self._status >= _NO_ANSWER:
            return UnknownOutcomeError(reason=reason_of(self._status, self._data))
        code = self._data.get("code") or self._status
        reason = reason_of(self._status, self._data)
        if code == _ALREADY_ACKNOWLEDGED:
            return AlreadyAnsweredError(code, reason)
        return ResponderError(code, reason, reachable=code not in _WINDOW_CLOSED)

    def pause(self, failures: int) -> float | None:
        """Give the seconds before another try, None when it would end the same."""
        if self.untouched:
            return read_seconds(self._data.get("retry_after"))
        if self._status >= _NO_ANSWER:
            return backoff(failures, base=0.2, cap=2.0)
        return None
