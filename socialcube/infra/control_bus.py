"""Hints between processes over Redis. Each may be lost: whoever hears one reads the database again."""

import logging
import time
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from redis.client import PubSub
from redis.exceptions import RedisError

from socialcube.infra.breaker import Breaker
from socialcube.infra.redis_clients import listening_client, request_client
from socialcube.kernel.clock import Clock, SystemClock
from socialcube.kernel.secrets import Secret

_log: Final = logging.getLogger(__name__)


class Topic(StrEnum):
    """What a hint is about, and so which channel carries it."""

    BOTS_CHANGED = "bots.changed"
    COMMANDS_CHANGED = "commands.changed"
    JOBS_ASKED = "jobs.asked"
    LOGS_COMMITTED = "logs.committed"
    SESSIONS_ENDED = "sessions.ended"
    ACCESS_CHANGED = "access.changed"
    JOBS_CHANGED = "jobs.changed"
    STATES_CHANGED = "states.changed"
    GUILDS_CHANGED = "guilds.changed"
    KEYS_CHANGED = "keys.changed"


@dataclass(frozen=True, slots=True)
class ControlMessage:
    """A hint.

    Attributes:
        topic: what it is about.
        subject: the id that it names: a bot, a person, a session, an API key, a job, its target, or a
            log stream.
        value: the second id where there is one: the job, or the stream's highest row.
    """

    topic: Topic
    subject: str
    value: str = ""

    def encode(self) -> bytes:
        """Give the text that travels; the topic travels as the channel."""
        return f"{self.subject} {self.value}".rstrip().encode()

    @classmethod
    def decode(cls, topic: Topic, data: bytes) -> Self:
        """Read the text that travelled. Anything reads as something: a wrong id is found by nobody."""
        subject, _, value = data.decode(errors="replace").partition(" ")
        return cls(topic, subject, value)


class ControlBus:
    """Sends hints, and lets a plain thread wait for them. `control_listener` does so for asyncio.

    Args:
        url: the Redis-compatible server.
        namespace: keeps installations apart that share one server.
        clock: turns the breaker's pause.
    """

    def __init__(self, url: Secret, *, namespace: str, clock: Clock | None = None) -> None:
        self._url = url
        self._namespace = namespace
        self._client = request_client(url)
        self._breaker = Breaker(clock or SystemClock())

    def publish(self, *messages: ControlMessage) -> bool:
        """Send hints, in one journey. Never raises and takes half a second at most.

        Returns:
            Whether the server took them.
        """
        if not messages:
            return True
        if not self._breaker.allows():
            return False
        try:
            with self._client.pipeline(transaction=False) as journey:
                for message in messages:
                    journey.publish(channel_of(self._namespace, message.topic), message.encode())
                journey.execute()
        except (RedisError, OSError) as error:
            self._breaker.failed()
            topics = ", ".join(sorted({message.topic for message in messages}))
            _log.warning("Redis did not take the hint %s: %s", topics, type(error).__name__)
            return False
        self._breaker.succeeded()
        return True

    def ping(self) -> bool:
        """Ask the server whether it lives, breaker or not. Takes half a second at most."""
        try:
            return bool(self._client.ping())
        except (RedisError, OSError):
            return False

    def subscribe(self, *topics: Topic) -> "ControlSubscription":
        """Start listening. Close what this gives."""
        channels = {channel_of(self._namespace, topic).encode(): topic for topic in topics}
        pubsub = PubSub(listening_client(self._url).connection_pool, ignore_subscribe_messages=True)
        return ControlSubscription(pubsub, channels)

    def close(self) -> None:
        """Give back the connections."""
        self._client.close()


class ControlSubscription:
    """Hints as they come, for one thread. It subscribes again by itself when the server comes back."""

    def __init__(self, pubsub: PubSub, channels: dict[bytes, Topic]) -> None:
        self._pubsub = pubsub
        self._channels = channels

    def wait(self, seconds: float) -> ControlMessage | None:
        """Give the next hint, or None after that time. Never raises: without Redis it only waits."""
        try:
            if not self._pubsub.subscribed:
                self._pubsub.subscribe(*self._channels)
            found = self._pubsub.get_message(timeout=seconds)
        except (RedisError, OSError):
            self._pubsub.reset()
            time.sleep(seconds)
            return None
        if found is None or found["type"] != "message":
            return None
        return ControlMessage.decode(self._channels[found["channel"]], found["data"])

    def close(self) -> None:
        """Give back the connection."""
        self._pubsub.close()


def channel_of(namespace: str, topic: Topic) -> str:
    """Give the channel of a topic."""
    return f"{namespace}:{topic}"
