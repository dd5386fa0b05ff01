"""Notices when the event loop itself stands still: then nothing else here could."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Final

from socialcube.kernel.clock import Clock
from socialcube.kernel.errors import SocialCubeError

_BEAT_SECONDS: Final = 0.5
_WORTH_A_WORD_SECONDS: Final = 0.5

_log = logging.getLogger(__name__)


class LoopStalledError(SocialCubeError):
    """The event loop stood still for {seconds:.1f} seconds, so other runners own the bots by now."""

    code = "loop_stalled"


class LoopWatch:
    """Measures how late the loop wakes a task that asked for half a second.

    After SIGSTOP, a suspended machine or a blocking call longer than a lease, this process must end: it
    starts anew and clean, instead of guessing what others did meanwhile.

    Args:
        clock: measures.
        limit: seconds of standstill after which the process ends.
        sleep: waits.
    """

    def __init__(
        self, clock: Clock, limit: float, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep
    ) -> None:
        self._clock = clock
        self._limit = limit
        self._sleep = sleep
        self.worst = 0.0

    async def run(self) -> None:
        """Watch until cancelled.

        Raises:
            LoopStalledError: the standstill was too long.
        """
        while True:
            before = self._clock.monotonic()
            await self._sleep(_BEAT_SECONDS)
            lag = self._clock.monotonic() - before - _BEAT_SECONDS
            self.worst = max(self.worst, lag)
            if lag >= self._limit:
                raise LoopStalledError(seconds=lag)
            if lag >= _WORTH_A_WORD_SECONDS:
                _log.warning("The event loop stood still for %.1f seconds.", lag)
