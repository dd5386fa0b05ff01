"""Brings servers, channels and roles from the gateway into the database."""

import asyncio
import logging
from collections.abc import Callable
from typing import Final
from uuid import UUID

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.bots.types import Platform
from socialcube.domain.guilds import service as guilds
from socialcube.domain.guilds.types import GuildSnapshot
from socialcube.domain.placements import service as placements
from socialcube.domain.placements.types import Lease
from socialcube.fleet.bridge import Bridge

_GATHER_SECONDS: Final = 0.3
_RETRY_SECONDS: Final = 2.0

_log = logging.getLogger(__name__)


class GuildSync:
    """Stores the servers of one bot. Many events about one server become one write.

    What waits is bounded by the number of servers: only ids wait, the picture is taken when it is written.

    Args:
        lease: under which the bot runs; every write makes sure that it still stands.
        runner_id: this process.
        bridge: to the database.
        describe: gives a server as the adapter last saw it.
    """

    def __init__(
        self,
        lease: Lease,
        runner_id: UUID,
        bridge: Bridge,
        describe: Callable[[int], GuildSnapshot | None],
    ) -> None:
        self._lease = lease
        self._runner_id = runner_id
        self._bridge = bridge
        self._describe = describe
        self._stored: dict[int, GuildSnapshot] = {}
        self._changed: set[int] = set()
        self._left: set[int] = set()
        self._present: frozenset[int] | None = None
        self._wake = asyncio.Event()

    def changed(self, external_id: int) -> None:
        """Note that a server looks different."""
        self._left.discard(external_id)
        self._changed.add(external_id)
        self._wake.set()

    def left(self, external_id: int) -> None:
        """Note that the bot is not in a server any more."""
        self._changed.discard(external_id)
        self._stored.pop(external_id, None)
        self._left.add(external_id)
        self._wake.set()

    def present_in(self, external_ids: frozenset[int]) -> None:
        """Note in which servers a fresh session is: the bot may have left others while nobody looked."""
        self._present = external_ids
        self._wake.set()

    def refresh(self, external_ids: frozenset[int]) -> None:
        """Store these servers again, whether they look different or not."""
        self._stored.clear()
        self._changed |= external_ids
        self._present = external_ids
        self._wake.set()

    async def run(self) -> None:
        """Store until cancelled. While the database is away the changes wait."""
        while True:
            await self._wake.wait()
            await asyncio.sleep(_GATHER_SECONDS)
            self._wake.clear()
            try:
                await self.flush()
            except Exception as error:  # noqa: BLE001 - the bot answers on while the database is away
                _log.warning("Servers of the bot %s wait: %s", self._lease.bot_id, type(error).__name__)
                await asyncio.sleep(_RETRY_SECONDS)
                self._wake.set()

    async def flush(self) -> None:
        """Store what waits, in one transaction."""
        changed, self._changed = self._changed, set()
        left, self._left = self._left, set()
        present, self._present = self._present, None
        seen = [snapshot for snapshot in map(self._describe, sorted(changed)) if snapshot]
        news = [snapshot for snapshot in seen if self._stored.get(snapshot.external_id) != snapshot]
        if not (news or left or present is not None):
            return
        try:
            await self._bridge.write(self._store, news, left, present)
        except BaseException:
            self._put_back(changed, left, present)
            raise
        self._stored.update({snapshot.external_id: snapshot for snapshot in news})

    def _put_back(self, changed: set[int], left: set[int], present: frozenset[int] | None) -> None:
        """Wait again with what could not be written, unless something newer came meanwhile."""
        self._left |= left - self._changed
        self._changed |= changed - self._left
        self._present = present if self._present is None else self._present

    def _store(
        self,
        uow: UnitOfWork,
        news: list[GuildSnapshot],
        left: set[int],
        present: frozenset[int] | None,
    ) -> None:
        placements.confirm_lease(uow, self._runner_id, self._lease)
        bot_id = self._lease.bot_id
        if present is not None:
            guilds.sync_membership(uow, bot_id, Platform.DISCORD, present)
        for external_id in left:
            guilds.leave_guild(uow, bot_id, Platform.DISCORD, external_id)
        for snapshot in news:
            guilds.sync_guild(uow, bot_id, Platform.DISCORD, snapshot)
