"""What a runner spends on behalf of its bots: session starts, crashes, commands at a time."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from typing import Final
from uuid import UUID

from socialcube.adapters.base import SessionStarts
from socialcube.domain.placements import service
from socialcube.domain.placements.errors import StartsUsedUpError
from socialcube.fleet.bridge import Bridge
from socialcube.kernel.clock import Clock

START_RESERVE: Final = 10
"""Starts that are left to people: at none left, Discord resets the token."""

_SPACING_SECONDS: Final = 5.0
_AT_ONCE: Final = 25


class StartGate:
    """Lets bots start sessions: counted in the database, spaced per bot, few at the same moment.

    Discord allows a bot one IDENTIFY in five seconds. The limit for the process only spreads the work.

    Args:
        bridge: to the database, where the count outlives this process.
        clock: measures the spacing.
        sleep: waits.
    """

    def __init__(
        self, bridge: Bridge, clock: Clock, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._bridge = bridge
        self._clock = clock
        self._sleep = sleep
        self._last_start: dict[UUID, float] = {}
        self._crowd = asyncio.Semaphore(_AT_ONCE)

    async def admit(self, bot_id: UUID, starts: SessionStarts) -> None:
        """Wait for the bot's turn and count the start before it happens.

        Raises:
            StartsUsedUpError: our count or Discord's leaves no start that is safe to spend.
        """
        if starts.remaining <= START_RESERVE:
            raise StartsUsedUpError(used=starts.total - starts.remaining, limit=starts.total)
        now = self._clock.monotonic()
        await self._sleep(max(0.0, self._last_start.get(bot_id, -_SPACING_SECONDS) + _SPACING_SECONDS - now))
        async with self._crowd:
            await self._bridge.write(service.count_identify, bot_id)
        self._last_start[bot_id] = self._clock.monotonic()


class CrashBudget:
    """Counts the crashes of one bot: it is started again, each time later, until that is hopeless.

    Args:
        clock: measures the window.
        limit: crashes within the window after which the bot is held.
        window_seconds: how long a crash counts.
    """

    def __init__(self, clock: Clock, *, limit: int = 5, window_seconds: float = 900.0) -> None:
        self._clock = clock
        self._limit = limit
        self._window = window_seconds
        self._moments: deque[float] = deque()

    def note(self) -> float | None:
        """Note a crash. Gives the seconds until the next try, None when there should be none."""
        now = self._clock.monotonic()
        while self._moments and self._moments[0] < now - self._window:
            self._moments.popleft()
        self._moments.append(now)
        if len(self._moments) >= self._limit:
            return None
        return float(2 ** len(self._moments))
