"""One shard's client, as the supervisor sees it."""

import asyncio

from socialcube.domain.bots.types import Reason, WantedBot
from socialcube.domain.placements.types import Lease


class FakeClient:
    """Runs nothing. Its farewell takes until `may_stop` is set, unless nothing of it shall be drained."""

    def __init__(self, lease: Lease, wanted: WantedBot) -> None:
        self.lease, self.unit, self.bot_id = lease, lease.unit, lease.bot_id
        self.generation, self.shard_count = wanted.generation, wanted.shard_count
        self.is_over = False
        self.started = False
        self.refreshed = 0
        self.stops: list[tuple[str, bool, float, Reason | None]] = []
        self.withdrawn = 0
        self.may_stop = asyncio.Event()
        self.may_stop.set()

    def start(self) -> None:
        self.started = True

    async def withdraw_commands(self) -> None:
        assert not self.stops
        self.withdrawn += 1

    async def stop(
        self, sentence: str, *, hand_over: bool, drain_seconds: float, reason: Reason | None = None
    ) -> None:
        if drain_seconds > 0:
            await self.may_stop.wait()
        self.stops.append((sentence, hand_over, drain_seconds, reason))
        self.is_over = True

    def refresh_state(self) -> None:
        self.refreshed += 1

    async def came_up_or_ended(self) -> None:
        await asyncio.sleep(0)
