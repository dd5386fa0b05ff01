"""The asyncio side of the control bus: an endless stream of hints that heals itself."""

import asyncio
from collections.abc import AsyncIterator
from typing import Final

from redis.asyncio.client import PubSub
from redis.exceptions import RedisError

from socialcube.infra.control_bus import ControlMessage, Topic, channel_of
from socialcube.infra.redis_clients import async_listening_client
from socialcube.kernel.secrets import Secret

RETRY_SECONDS: Final = 1.0
_WAIT_SECONDS: Final = 1.0


class ControlListener:
    """Hears hints. While Redis is away it hears nothing and keeps trying.

    Args:
        url: the Redis-compatible server.
        namespace: as given to `ControlBus`.
        retry_seconds: pause between two tries to connect.
    """

    def __init__(self, url: Secret, *, namespace: str, retry_seconds: float = RETRY_SECONDS) -> None:
        self._url = url
        self._namespace = namespace
        self._retry_seconds = retry_seconds

    async def listen(self, *topics: Topic) -> AsyncIterator[ControlMessage]:
        """Give hints of these topics until the caller stops asking."""
        channels = {channel_of(self._namespace, topic).encode(): topic for topic in topics}
        while True:
            client = async_listening_client(self._url)
            try:
                async with client, client.pubsub(ignore_subscribe_messages=True) as pubsub:
                    await pubsub.subscribe(*channels)
                    async for message in _messages(pubsub, channels):
                        yield message
            except (RedisError, OSError):
                await asyncio.sleep(self._retry_seconds)


async def _messages(pubsub: PubSub, channels: dict[bytes, Topic]) -> AsyncIterator[ControlMessage]:
    while True:
        found = await pubsub.get_message(timeout=_WAIT_SECONDS)
        if found is not None and found["type"] == "message":
            yield ControlMessage.decode(channels[found["channel"]], found["data"])
