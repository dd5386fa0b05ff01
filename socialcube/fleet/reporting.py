"""Writes what was seen of the bots to the database, many at a time and never in anybody's way."""

import asyncio
import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING, Final

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.bots import service as bots
from socialcube.domain.bots.types import BotObservation
from socialcube.fleet.bridge import Bridge

if TYPE_CHECKING:
    from uuid import UUID

_GATHER_SECONDS: Final = 0.15
_RETRY_SECONDS: Final = 2.0

_log = logging.getLogger(__name__)


class StateReporter:
    """Keeps the latest observation of each bot and writes all of them in one transaction.

    It is bounded by the number of bots: a newer observation takes the place of an unwritten one.

    Args:
        bridge: to the database.
    """

    def __init__(self, bridge: Bridge) -> None:
        self._bridge = bridge
        self._pending: dict[UUID, BotObservation] = {}
        self._wake = asyncio.Event()
        self._writing = asyncio.Lock()

    def put(self, seen: BotObservation) -> None:
        """Take an observation."""
        self._pending[seen.bot_id] = seen
        self._wake.set()

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
            taken, self._pending = self._pending, {}
            if not taken:
                return True
            try:
                await self._bridge.write(_observe_all, taken.values())
            except Exception as error:  # noqa: BLE001 - whatever ails the database, the bots go on
                _log.warning("What was seen of %d bots waits: %s", len(taken), type(error).__name__)
                self._pending = taken | self._pending
                self._wake.set()
                return False
            return True


def _observe_all(uow: UnitOfWork, observations: Iterable[BotObservation]) -> None:
    # In one order, so that two runners never wait for each other's rows in a circle.
    for seen in sorted(observations, key=lambda seen: seen.bot_id):
        bots.observe(uow, seen)
