"""How often a key may ask, counted over all web processes at the cost of one in twenty requests.

A process takes some requests of the minute at once from Redis and counts them down by itself. What it took
and did not use is lost to the others, so it takes fewer and fewer as the minute's share runs out.
"""

import math
import threading
from dataclasses import dataclass
from typing import Final

from redis.exceptions import RedisError

from socialcube.infra.breaker import Breaker
from socialcube.infra.redis_clients import request_client
from socialcube.kernel.clock import Clock
from socialcube.kernel.errors import TooManyTriesError
from socialcube.kernel.secrets import Secret

WINDOW_SECONDS: Final = 60

_MOST_AT_ONCE: Final = 20
_SHARE: Final = 20
_KEPT_SECONDS: Final = 2 * WINDOW_SECONDS


class QuotaSpentError(TooManyTriesError):
    """This was asked too often: {limit} requests a minute are allowed."""

    code = "rate_limited"
    remedy = "Wait as many seconds as the header Retry-After says, then go on."

    def __init__(self, limit: int, seconds: int) -> None:
        self.allowance = Allowance(limit, 0, seconds)
        super().__init__(limit=limit, retry_after=seconds)


@dataclass(frozen=True, slots=True)
class Allowance:
    """What is left of the minute.

    Attributes:
        limit: requests of a whole minute.
        left: how many may still follow; other processes may have taken some of them.
        seconds: until the next minute begins.
    """

    limit: int
    left: int
    seconds: int


@dataclass(slots=True)
class _Share:
    """What one asker has here: requests in hand, and what all processes left of the minute then."""

    in_hand: int = 0
    left: int = 0
    is_known: bool = False
    alone: int = 0


class RequestQuota:
    """Counts requests. Safe for threads.

    While Redis is away each process counts alone, with its part of the limit: reading must go on.

    Args:
        url: the Redis-compatible server.
        namespace: keeps installations apart that share one server.
        clock: says which minute it is, and turns the breaker's pause.
        limit: requests a minute for each asker.
        processes: how many share the limit.
    """

    def __init__(self, url: Secret, *, namespace: str, clock: Clock, limit: int, processes: int = 1) -> None:
        self._client = request_client(url)
        self._namespace = namespace
        self._clock = clock
        self._limit = limit
        self._alone = max(1, limit // processes)
        self._breaker = Breaker(clock)
        self._lock = threading.Lock()
        self._minute = 0
        self._shares: dict[str, _Share] = {}

    def take(self, who: str) -> Allowance:
        """Count a request.

        Raises:
            QuotaSpentError: it is one too many for this minute.
        """
        now = self._clock.now().timestamp()
        minute, passed = divmod(now, WINDOW_SECONDS)
        seconds = math.ceil(WINDOW_SECONDS - passed)
        share = self._share_of(who, int(minute))
        if share.in_hand < 1 and (share.left or not share.is_known):
            self._reserve(who, int(minute), share)
        with self._lock:
            if share.in_hand < 1:
                raise QuotaSpentError(self._limit, seconds)
            share.in_hand -= 1
            return Allowance(self._limit, share.in_hand + share.left, seconds)

    def close(self) -> None:
        """Give back the connections."""
        self._client.close()

    def _share_of(self, who: str, minute: int) -> _Share:
        with self._lock:
            if minute != self._minute:
                self._minute = minute
                self._shares = {}
            return self._shares.setdefault(who, _Share())

    def _reserve(self, who: str, minute: int, share: _Share) -> None:
        wanted = min(_MOST_AT_ONCE, max(1, (share.left if share.is_known else self._limit) // _SHARE))
        total = self._ask(f"{self._namespace}:quota:{who}:{minute}", wanted)
        with self._lock:
            if total is None:
                granted = min(1, self._alone - share.alone)
                share.alone += granted
                share.left = self._alone - share.alone
            else:
                share.left = max(0, self._limit - total)
                granted = max(0, min(wanted, self._limit - total + wanted))
            share.in_hand += granted
            share.is_known = True

    def _ask(self, key: str, wanted: int) -> int | None:
        """Take some requests of the minute. Gives how many all took, None when nobody can tell."""
        if not self._breaker.allows():
            return None
        try:
            with self._client.pipeline(transaction=False) as pipe:
                pipe.incrby(key, wanted)
                pipe.expire(key, _KEPT_SECONDS)
                total = int(pipe.execute()[0])
        except (RedisError, OSError):
            self._breaker.failed()
            return None
        self._breaker.succeeded()
        return total
