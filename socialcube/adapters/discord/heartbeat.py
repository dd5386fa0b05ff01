"""The heartbeat of one gateway connection, as a task of the loop."""

import asyncio
import contextlib
import random
from collections.abc import Awaitable, Callable
from typing import Final, Protocol

from socialcube.kernel.clock import Clock
from socialcube.kernel.errors import SocialCubeError

ACK_SECONDS: Final = 10.0
HEARTBEAT_OPCODE: Final = 1
ZOMBIE_CODE: Final = 4000


class Connection(Protocol):
    """What a heartbeat needs of its connection."""

    @property
    def sequence(self) -> int | None:
        """Give the number of the last event received."""
        ...

    async def send_heartbeat(self, data: dict[str, object], /) -> None:
        """Send a heartbeat past the rate limiter."""
        ...

    async def close(self, code: int = ZOMBIE_CODE) -> None:
        """Close with a code that keeps the session."""
        ...

    async def drop(self) -> None:
        """Cut it without sending anything."""
        ...


class Heartbeat:
    """Beats at the interval that the gateway asked for, and ends a connection that does not answer.

    py-cord 2.8.1 uses a thread per connection (gateway.py:126), sends its first beat without the jitter
    that Discord asks for, and takes any frame for a sign of life; here only an acknowledgement counts.

    Args:
        connection: to keep alive.
        interval: seconds between two beats.
        clock: measures the latency.
        sleep: waits.
        jitter: a number from 0 to 1 for the first beat.
    """

    def __init__(
        self,
        connection: Connection,
        interval: float,
        *,
        clock: Clock,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self.latency = float("inf")
        self._connection = connection
        self._interval = interval
        self._clock = clock
        self._sleep = sleep
        self._jitter = jitter
        self._sent_at: float | None = None
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to beat."""
        self._task = asyncio.create_task(self.run(), name="gateway heartbeat")

    def stop(self) -> None:
        """End it. The beat that is just closing its own connection is left to finish."""
        if self._task is not None and self._task is not asyncio.current_task():
            self._task.cancel()
        self._task = None

    async def run(self) -> None:
        """Beat until the connection is closed or silent."""
        await self._sleep(self._interval * self._jitter())
        # Whoever reads from a broken connection notices it; the beat only ends.
        with contextlib.suppress(OSError, RuntimeError):
            try:
                await self._beat(min(ACK_SECONDS, self._interval))
            except SocialCubeError:
                # The bot is not ours now. Should it be ours again, nobody would notice a silent gateway.
                await self._connection.drop()

    async def _beat(self, patience: float) -> None:
        while True:
            self._sent_at = self._clock.monotonic()
            await self._connection.send_heartbeat(self.get_payload())
            await self._sleep(patience)
            if not self._is_acknowledged():
                await self._connection.close(ZOMBIE_CODE)
                return
            await self._sleep(self._interval - patience)

    def get_payload(self) -> dict[str, object]:
        """Give a beat: it tells the gateway how far we have read."""
        return {"op": HEARTBEAT_OPCODE, "d": self._connection.sequence}

    def ack(self) -> None:
        """Note that the gateway answered."""
        if self._sent_at is not None:
            self.latency = self._clock.monotonic() - self._sent_at
            self._sent_at = None

    def _is_acknowledged(self) -> bool:
        return self._sent_at is None
