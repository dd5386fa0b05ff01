"""Writes what was seen of the bots to the database, many at a time and never in anybody's way."""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from typing import Final

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.bots import service as bots
from socialcube.domain.bots.types import BotObservation
from socialcube.domain.placements.types import Shard
from socialcube.fleet.bridge import Bridge

_GATHER_SECONDS: Final = 0.15
_RETRY_SECONDS: Final = 2.0
_AT_ONCE: Final = 100
"""Sights in one transaction: with more, a database with one writer keeps lease renewals waiting."""

_log = logging.getLogger(__name__)


class StateReporter:
    """Keeps the latest observation and latency of each shard and writes many of them in one transaction.

    It is bounded by the number of shards: something newer takes the place of what is unwritten.

    Args:
        bridge: to the database.
    """

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._pending: dict[Shard, BotObservation] = {}
        self._latencies: dict[Shard, float] = {}
        self._wake = asyncio.Event()
        self._writing = asyncio.Lock()

    def put(self, seen: BotObservation) -> None:
        """Take an observation."""
        self._pending[Shard(seen.bot_id, seen.shard)] = seen
        self._wake.set()

    def sample(self, unit: Shard, latency_ms: float) -> None:
        """Take the latency of a shard for its chart. It is written with the next observations."""
        self._latencies[unit] = latency_ms

    async def run(self) -> None:
        """Write until cancelled. While the database is away the observations wait."""
        while True:
            await self._wake.wait()
            self._wake.clear()
            await asyncio.sleep(_GATHER_SECONDS)
            if not await self.flush():
                await asyncio.sleep(_RETRY_SECONDS)

    async def flush(self) -> bool:
        """Write what waits, before a lease is given back for example. Gives whether that worked."""
        async with self._writing:
            # In one order, so that two runners never wait for each other's rows in a circle.
            waiting = sorted(self._pending)
            for start in range(0, len(waiting), _AT_ONCE):
                # Taken only now: what was seen of them meanwhile needs no write of its own.
                taken = {unit: self._pending.pop(unit) for unit in waiting[start : start + _AT_ONCE]}
                try:
                    await self._write(list(taken.values()))
                except Exception as error:  # noqa: BLE001 - whatever ails the database, the bots go on
                    self._pending = taken | self._pending
                    _log.warning(
                        "What was seen of %d bots waits: %s", len(self._pending), type(error).__name__
                    )
                    self._wake.set()
                    return False
            return True

    async def _write(self, seen: list[BotObservation]) -> None:
        latencies, self._latencies = self._latencies, {}
        try:
            await self._bridge.write(_observe_all, seen, latencies)
        except BaseException:
            self._latencies = latencies | self._latencies
            raise


def _observe_all(
    uow: UnitOfWork, observations: Iterable[BotObservation], latencies: Mapping[Shard, float]
) -> None:
    bots.observe_all(uow, observations)
    bots.sample_latency(uow, [(unit.bot_id, latency) for unit, latency in latencies.items()])
