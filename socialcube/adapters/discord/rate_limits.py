"""Discord's rate limits as its answers tell them; nothing about them is hard-coded."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Final

from socialcube.adapters.errors import CallRefusedError
from socialcube.kernel.clock import Clock

LONGEST_WAIT_SECONDS: Final = 60.0
"""Nobody waits longer than this for a request to leave."""

_MAX_BUCKETS: Final = 500


class RateLimits:
    """Lets the requests of one bot leave only when its buckets allow.

    Requests of one bucket go one after the other, since only an answer tells what is left.

    Args:
        clock: measures the windows; the wall clock would be wrong after a step.
        sleep: waits.
    """

    def __init__(self, clock: Clock, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._clock = clock
        self._sleep = sleep
        self._buckets: dict[str, _Bucket] = {}
        self._all_free_at = 0.0

    @asynccontextmanager
    async def turn(self, key: str) -> AsyncIterator[None]:
        """Hold the bucket while one request, with its retries, is made."""
        self._forget_idle_buckets()
        bucket = self._buckets.setdefault(key, _Bucket())
        async with bucket.lock:
            yield

    async def wait(self, key: str) -> None:
        """Wait until the bucket and the bot as a whole may send again.

        Raises:
            CallRefusedError: that is longer than a minute away, so nothing is sent.
        """
        while True:
            free_at = max(self._all_free_at, self._buckets[key].free_at)
            pause = free_at - self._clock.monotonic()
            if pause <= 0:
                return
            if pause > LONGEST_WAIT_SECONDS:
                raise CallRefusedError(
                    status=429, api_code=0, reason=f"it takes no more for {pause:.0f} seconds"
                )
            await self._sleep(pause)

    def learn(self, key: str, headers: Mapping[str, str]) -> None:
        """Take from an answer whether the bucket is empty now."""
        if headers.get("X-RateLimit-Remaining") == "0":
            pause = read_seconds(headers.get("X-RateLimit-Reset-After"))
            self._buckets[key].free_at = self._clock.monotonic() + pause

    def block(self, key: str, seconds: float, *, everything: bool) -> None:
        """Take from a 429 for how long the bucket, or the bot as a whole, is closed."""
        until = self._clock.monotonic() + seconds
        if everything:
            self._all_free_at = max(self._all_free_at, until)
        else:
            self._buckets[key].free_at = until

    def _forget_idle_buckets(self) -> None:
        if len(self._buckets) < _MAX_BUCKETS:
            return
        now = self._clock.monotonic()
        self._buckets = {
            key: bucket
            for key, bucket in self._buckets.items()
            if bucket.lock.locked() or bucket.free_at > now
        }


def read_seconds(value: object, *, default: float = 1.0) -> float:
    """Read a duration from an answer. Anything that is no sensible number gives the default."""
    try:
        seconds = float(value)  # type: ignore[arg-type] # a wrong type is just another wrong value
    except (TypeError, ValueError):
        return default
    return seconds if 0 <= seconds < float("inf") else default


class _Bucket:
    __slots__ = ("free_at", "lock")

    def __init__(self) -> None:
        self.lock = asyncio.Lock()
        self.free_at = 0.0
