"""What a runner spends on behalf of its bots: session starts, and patience with crashes."""

import asyncio
from collections.abc import Awaitable, Callable, Collection
from typing import Final

from socialcube.adapters.backoff import backoff
from socialcube.adapters.base import SessionStarts
from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.placements import service
from socialcube.domain.placements.types import Lease, StartTerms
from socialcube.fleet.bridge import Bridge
from socialcube.fleet.gathering import Gathered
from socialcube.kernel.clock import Clock

BUCKET_SECONDS: Final = 5.5
"""How far apart the session starts of one bucket are: Discord's five seconds, and some for the way there."""

_FLEET: Final = "fleet"
_FIRST_PAUSE_SECONDS: Final = 2.0
_LONGEST_PAUSE_SECONDS: Final = 900.0


class StartGate:
    """Lets shards start sessions: counted in the database, and spaced there over all runners.

    A bot's shards of one bucket start one after the other (Discord's `max_concurrency`), and the whole fleet
    starts at a rate that its machines and its network take. Going on with a session needs none of this.

    Args:
        bridge: to the database, where counts and turns outlive this process.
        starts_per_second: of the whole fleet.
        sleep: waits.
    """

    def __init__(
        self,
        bridge: Bridge,
        *,
        starts_per_second: float,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._bridge = bridge
        self._spacing = 1 / starts_per_second
        self._sleep = sleep
        # A fleet that starts from nothing asks for all its turns at once.
        self._turns = Gathered(self._take_turns)

    async def admit(self, lease: Lease, generation: int, starts: SessionStarts) -> None:
        """Wait for the shard's turn and count the start before it happens.

        Args:
            lease: under which the shard runs.
            generation: the wish that it fulfils.
            starts: what the platform says just now.

        Raises:
            StartsUsedUpError: our count or the platform's leaves too few.
        """
        await self._sleep(await self._turns.get(object()))
        # The bucket's turn comes last: Discord insists on that distance, the fleet's rate is only ours.
        await self._sleep(await self._bridge.write(_take_turn, lease, generation, starts))

    async def _take_turns(self, askers: Collection[object]) -> dict[object, float]:
        """Give the askers a turn of the fleet each, one after the other, as seconds to wait for it."""
        first = await self._bridge.write(service.take_start_slot, _FLEET, self._spacing, count=len(askers))
        return {asker: first + place * self._spacing for place, asker in enumerate(askers)}


class CrashBudget:
    """Says how long a bot that crashed waits before it is started again: twice as long each time.

    It is never given up: at the longest pause it spends 200 session starts a day at most, of 1,000, and it
    comes back by itself once whatever broke it is gone.

    Args:
        clock: measures how long it lived.
    """

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._crashes = 0
        self._up_since = clock.monotonic()

    def note(self) -> float:
        """Note a crash. Gives the seconds until the next try."""
        now = self._clock.monotonic()
        if now - self._up_since >= _LONGEST_PAUSE_SECONDS:
            self._crashes = 0
        self._crashes += 1
        pause = backoff(self._crashes, base=_FIRST_PAUSE_SECONDS, cap=_LONGEST_PAUSE_SECONDS)
        self._up_since = now + pause
        return pause


def _take_turn(uow: UnitOfWork, lease: Lease, generation: int, starts: SessionStarts) -> float:
    service.count_start(uow, lease, StartTerms(generation, starts.remaining, starts.total))
    bucket = lease.shard % max(1, starts.max_concurrency)
    return service.take_start_slot(uow, f"bot:{lease.bot_id}:{bucket}", BUCKET_SECONDS)
