"""Redis clients whose waiting is bounded. redis-py's defaults retry ten times and wait for seconds."""

from typing import Any, Final

import redis.asyncio
from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from socialcube.kernel.secrets import Secret

CALL_TIMEOUT_SECONDS: Final = 0.25
"""How long one call may take where somebody waits for it."""

LISTEN_PING_SECONDS: Final = 5
"""How often a listening connection is asked whether it still lives."""


def request_client(url: Secret) -> "Redis":
    """Make the client of a request path: one retry on a fresh connection, 0.25 s each."""
    return Redis.from_url(url.reveal(), retry=Retry(NoBackoff(), 1), **_bounds())


def listening_client(url: Secret) -> "Redis":
    """Make the client of a thread that waits for messages and notices a dead connection."""
    return Redis.from_url(
        url.reveal(), retry=Retry(NoBackoff(), 0), health_check_interval=LISTEN_PING_SECONDS, **_bounds()
    )


def async_listening_client(url: Secret) -> "redis.asyncio.Redis":
    """Make the same for asyncio."""
    client: redis.asyncio.Redis = redis.asyncio.Redis.from_url(
        url.reveal(), health_check_interval=LISTEN_PING_SECONDS, **_bounds()
    )
    return client


def _bounds() -> dict[str, Any]:
    return {"socket_timeout": CALL_TIMEOUT_SECONDS, "socket_connect_timeout": CALL_TIMEOUT_SECONDS}
