"""Brings servers, channels and roles from the gateway into the database."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, replace
from typing import Final
from uuid import UUID

from socialcube.adapters.errors import HeldError
from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.bots.types import Platform
from socialcube.domain.guilds import policy, queries
from socialcube.domain.guilds import service as guilds
from socialcube.domain.guilds.types import GuildNews, GuildSnapshot
from socialcube.domain.placements import service as placements
from socialcube.domain.placements.types import Lease, ResumableSession
from socialcube.fleet.bridge import Bridge
from socialcube.kernel.clock import Clock

_GATHER_SECONDS: Final = 0.3
_RETRY_SECONDS: Final = 2.0
_FETCHES_AT_ONCE: Final = 25
_FETCH_AGAIN_SECONDS: Final = 10.0
"""How often the platform is asked about one server that the adapter does not know, whatever happens there."""

_log = logging.getLogger(__name__)


class GuildSync:
    """Stores the servers of one bot. Many events about one server become one write.

    What waits is bounded by the number of servers: only ids wait, the picture is taken when it is written.

    Args:
        lease: under which the bot runs; every write makes sure that it still stands.
        runner_id: this process.
        bridge: to the database.
        describe: gives a server as the adapter last saw it, None when it has not.
        fetch: asks the platform for such a server, None when it does not tell.
        tell: takes what happened, for the bot's log, once it is stored.
        shard_count: in how many parts the bot runs; the lease says which of them this is.
        clock: says how long ago a server was asked for.
        look: gives the gateway session as far as its events were handled.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - both ways to see a server and to tell of it have their names
        self,
        lease: Lease,
        runner_id: UUID,
        bridge: Bridge,
        describe: Callable[[int], GuildSnapshot | None],
        fetch: Callable[[int], Awaitable[GuildSnapshot | None]],
        tell: Callable[[list[GuildNews]], None],
        shard_count: int = 1,
        *,
        clock: Clock,
        look: Callable[[], ResumableSession | None],
    ) -> None:
        self._lease = lease
        self._runner_id = runner_id
        self._bridge = bridge
        self._describe = describe
        self._fetch = fetch
        self._tell = tell
        self._shard_count = shard_count
        self._stored: dict[int, GuildSnapshot] = {}
        self._changed: set[int] = set()
        self._left: set[int] = set()
        self._unavailable: set[int] = set()
        self._joined: set[int] = set()
        self._leaving: set[int] = set()
        self._present: frozenset[int] | None = None
        self._wake = asyncio.Event()
        self._is_storing = False
        self._clock = clock
        self._look = look
        self._settled: ResumableSession | None = None
        self._fetched: dict[int, float] = {}

    @property
    def is_waiting(self) -> bool:
        """Tell whether anything is not stored yet."""
        waits = self._changed or self._left or self._unavailable or self._present is not None
        return bool(waits) or self._is_storing

    @property
    def settled(self) -> ResumableSession | None:
        """Give the session up to an event before which all that was said is stored; None for none yet.

        On a busy shard something always waits, so this is what stood when the last storing began.
        """
        return self._settled if self.is_waiting else self._look()

    def joined(self, external_id: int) -> None:
        """Note that somebody added the bot to a server just now."""
        self._joined.add(external_id)
        self.changed(external_id)

    def changed(self, external_id: int) -> None:
        """Note that a server looks different."""
        self._left.discard(external_id)
        self._unavailable.discard(external_id)
        self._changed.add(external_id)
        self._wake.set()

    def left(self, external_id: int) -> None:
        """Note that the bot is not in a server any more."""
        self._changed.discard(external_id)
        self._joined.discard(external_id)
        self._unavailable.discard(external_id)
        self._stored.pop(external_id, None)
        self._left.add(external_id)
        self._wake.set()

    def leaving(self, external_id: int) -> None:
        """Note that the bot leaves a server because somebody here wants it to."""
        self._leaving.add(external_id)

    def unavailable(self, external_id: int) -> None:
        """Note that the platform cannot reach a server. The bot is still a member."""
        self._changed.discard(external_id)
        self._stored.pop(external_id, None)
        self._unavailable.add(external_id)
        self._wake.set()

    def present_in(self, external_ids: frozenset[int]) -> None:
        """Note in which servers a fresh session is: the bot may have left others while nobody looked."""
        self._present = external_ids
        self._wake.set()

    def refresh(self, external_ids: frozenset[int]) -> None:
        """Store these servers again, whether they look different or not."""
        self._stored.clear()
        self._fetched.clear()
        self._changed |= external_ids
        self._present = external_ids
        self._wake.set()

    async def run(self) -> None:
        """Store until cancelled. While the database is away the changes wait."""
        while True:
            # Servers that were asked for just now wait without anybody's wake.
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), _FETCH_AGAIN_SECONDS if self._changed else None)
            await asyncio.sleep(_GATHER_SECONDS)
            self._wake.clear()
            try:
                await self.flush()
            except HeldError:
                raise
            except Exception as error:  # noqa: BLE001 - the bot answers on while the database is away
                _log.warning("Servers of the bot %s wait: %s", self._lease.bot_id, type(error).__name__)
                await asyncio.sleep(_RETRY_SECONDS)
                self._wake.set()

    async def flush(self) -> None:
        """Store what waits, in one transaction, then tell what of it is new."""
        session, waiting, self._is_storing = self._look(), self._take(), True
        told: list[GuildNews] = []
        try:
            seen, later = await self._look_at(waiting.changed)
            fresh = [snapshot for snapshot in seen if self._stored.get(snapshot.external_id) != snapshot]
            if fresh or waiting.left or waiting.unavailable or waiting.present is not None:
                told = await self._bridge.write(self._store, fresh, waiting)
        except BaseException:
            self._put_back(waiting)
            raise
        finally:
            self._is_storing = False
        if not later:
            self._settled = session
        self._stored.update({snapshot.external_id: snapshot for snapshot in fresh})
        self._joined -= {snapshot.external_id for snapshot in fresh} | waiting.left
        self._leaving -= waiting.left
        if told:
            self._tell(told)

    async def _look_at(self, external_ids: set[int]) -> tuple[list[GuildSnapshot], set[int]]:
        """Take the pictures. After a session went on here the adapter knows none: the platform is asked.

        Of very many the rest waits for the next turn, so that the first are not stored only with the last.
        A server that was asked for just now waits too, lest each of its events ask again.

        Returns:
            The pictures, and the servers that wait.
        """
        described = {external_id: self._describe(external_id) for external_id in sorted(external_ids)}
        unknown = [external_id for external_id, snapshot in described.items() if snapshot is None]
        now = self._clock.monotonic()
        self._fetched = {key: at for key, at in self._fetched.items() if now - at < _FETCH_AGAIN_SECONDS}
        due = [external_id for external_id in unknown if external_id not in self._fetched]
        for external_id in due[:_FETCHES_AT_ONCE]:
            described[external_id] = await self._fetch(external_id)
            self._fetched[external_id] = now
        later = set(unknown) - set(due[:_FETCHES_AT_ONCE])
        # What was left or lost meanwhile is not asked for any more.
        self._changed |= later - self._left - self._unavailable
        if len(due) > _FETCHES_AT_ONCE:
            self._wake.set()
        return [snapshot for snapshot in described.values() if snapshot], later

    def _take(self) -> "_Waiting":
        waiting = _Waiting(self._changed, self._left, self._unavailable, self._present)
        self._changed, self._left, self._unavailable, self._present = set(), set(), set(), None
        return waiting

    def _put_back(self, waiting: "_Waiting") -> None:
        """Wait again with what could not be written, unless something newer came meanwhile."""
        newer = self._changed | self._left | self._unavailable
        self._left |= waiting.left - newer
        self._changed |= waiting.changed - newer
        self._unavailable |= waiting.unavailable - newer
        self._present = waiting.present if self._present is None else self._present

    def _store(self, uow: UnitOfWork, fresh: list[GuildSnapshot], waiting: "_Waiting") -> list[GuildNews]:
        placements.confirm_lease(uow, self._runner_id, self._lease)
        bot_id, told = self._lease.bot_id, list[GuildNews]()
        if waiting.present is not None:
            told += self._sweep(uow, waiting.present)
        for external_id in sorted(waiting.left):
            before = queries.find_before(uow.session, bot_id, Platform.DISCORD, external_id)
            if guilds.leave_guild(uow, bot_id, Platform.DISCORD, external_id):
                name, wanted = before.name if before else "", external_id in self._leaving
                told.append(policy.tell_leaving(external_id, name, wanted=wanted))
        for external_id in sorted(waiting.unavailable):
            before = queries.find_before(uow.session, bot_id, Platform.DISCORD, external_id)
            if guilds.note_unavailable(uow, bot_id, Platform.DISCORD, external_id):
                told.append(policy.tell_unavailable(external_id, before.name if before else ""))
        for snapshot in fresh:
            told += self._compare(uow, snapshot)
            guilds.sync_guild(uow, bot_id, Platform.DISCORD, snapshot)
        return told

    def _sweep(self, uow: UnitOfWork, present: frozenset[int]) -> list[GuildNews]:
        """Note the servers that the bot left, or was removed from, while nobody looked."""
        bot_id, shard = self._lease.bot_id, self._lease.shard
        gone = guilds.sync_membership(
            uow, bot_id, Platform.DISCORD, present, shard=shard, shard_count=self._shard_count
        )
        return [policy.tell_missed_leaving(gone)] if gone else []

    def _compare(self, uow: UnitOfWork, snapshot: GuildSnapshot) -> list[GuildNews]:
        """Tell what is new about a server. Another bot may have stored its new name already."""
        external_id = snapshot.external_id
        before = queries.find_before(uow.session, self._lease.bot_id, Platform.DISCORD, external_id)
        known = self._stored.get(external_id)
        if before is not None and known is not None:
            before = replace(before, name=known.name)
        return list(policy.tell_sighting(before, snapshot, joined=external_id in self._joined))


@dataclass(frozen=True, slots=True)
class _Waiting:
    """What is to be stored: servers that look different, were left, cannot be reached; and all there are."""

    changed: set[int]
    left: set[int]
    unavailable: set[int]
    present: frozenset[int] | None
