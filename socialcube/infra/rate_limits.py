"""Counts tries over all web processes. Without Redis nobody may try: guessing must not become free."""

import ipaddress
from dataclasses import dataclass
from typing import Final

from limits import RateLimitItemPerMinute
from limits.storage import MemoryStorage, RedisStorage
from limits.strategies import SlidingWindowCounterRateLimiter
from redis.exceptions import RedisError

from socialcube.infra.breaker import Breaker
from socialcube.infra.redis_clients import request_client
from socialcube.infra.session_cache import SignInAwayError
from socialcube.kernel.clock import Clock
from socialcube.kernel.errors import TooManyTriesError
from socialcube.kernel.secrets import Secret

_NETWORK_BITS: Final = 64


@dataclass(frozen=True, slots=True)
class Limit:
    """How often something may be tried by one person or from one address.

    Attributes:
        name: what is tried.
        tries: how often at most.
        minutes: within so long, counted back from now.
    """

    name: str
    tries: int
    minutes: int


class RateLimits:
    """Takes note of tries, and refuses what is too much.

    Args:
        url: the Redis-compatible server. Its clock counts, and each step there is atomic.
        namespace: keeps installations apart that share one server.
        clock: turns the breaker's pause.
    """

    def __init__(self, url: Secret, *, namespace: str, clock: Clock) -> None:
        self._client = request_client(url)
        storage = RedisStorage(
            "redis://", connection_pool=self._client.connection_pool, key_prefix=f"{namespace}:tries"
        )
        self._limiter = SlidingWindowCounterRateLimiter(storage)
        self._here = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._breaker = Breaker(clock)

    def note(self, limit: Limit, who: str) -> None:
        """Count a try.

        Raises:
            TooManyTriesError: it is one too many.
            SignInAwayError: nobody can tell, since Redis does not answer.
        """
        item = _item_of(limit)
        if not self._breaker.allows():
            raise SignInAwayError
        try:
            is_allowed = self._limiter.hit(item, who)
        except (RedisError, OSError) as error:
            self._breaker.failed()
            raise SignInAwayError from error
        self._breaker.succeeded()
        if not is_allowed:
            raise TooManyTriesError

    def note_anyway(self, limit: Limit, who: str) -> None:
        """Count something that must go on without Redis; then this process counts by itself.

        Raises:
            TooManyTriesError: it is one too many.
        """
        try:
            self.note(limit, who)
        except SignInAwayError:
            if not self._here.hit(_item_of(limit), who):
                raise TooManyTriesError from None

    def close(self) -> None:
        """Give back the connections."""
        self._client.close()


def _item_of(limit: Limit) -> RateLimitItemPerMinute:
    return RateLimitItemPerMinute(limit.tries, limit.minutes, namespace=limit.name)


def origin_of(address: str) -> str:
    """Give what counts as one place: an IPv4 address, or the /64 network that one IPv6 customer has."""
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if isinstance(parsed, ipaddress.IPv4Address):
        return str(parsed)
    if parsed.ipv4_mapped is not None:
        return str(parsed.ipv4_mapped)
    return str(ipaddress.ip_network((parsed, _NETWORK_BITS), strict=False))
