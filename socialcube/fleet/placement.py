"""What this runner owns, and until when it may act on that."""

import asyncio
import logging
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

from socialcube.domain.placements import queries, service
from socialcube.domain.placements.errors import LeaseLostError
from socialcube.domain.placements.policy import MOVES_AT_ONCE, claim_limit, surplus
from socialcube.domain.placements.types import Lease, RunnerView, Shard, Share
from socialcube.fleet.bridge import Bridge
from socialcube.fleet.lock_files import is_free, remove
from socialcube.fleet.silence import RefusalWatch, SilenceWatch
from socialcube.kernel.clock import Clock
from socialcube.kernel.settings import FleetSettings

_MARGIN: Final = 0.2
_READ_ONLY_WORDS: Final = ("readonly", "read-only", "disk is full", "disk full", "no space left")
_READ_ONLY_STATES: Final = frozenset({"25006", "53100"})

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class RunnerIdentity:
    """Who this process is.

    Attributes:
        id: its key in the database.
        host: the machine, as the other runners on it call it too.
        lock_path: the file it holds locked.
    """

    id: UUID
    host: str
    lock_path: Path


class Placements:
    """Claims, renews and gives back leases, and vouches for shards between two renewals.

    A lease counts for this runner a fifth shorter than the others wait before they take it, from the moment
    before it was asked for. So it stops speaking before another one may begin, whatever the network does.

    Args:
        bridge: to the database, of its own, so that other work never delays a renewal.
        runner: who this process is.
        settings: durations and limits.
        clock: its monotonic side measures the leases.
    """

    def __init__(self, bridge: Bridge, runner: RunnerIdentity, settings: FleetSettings, clock: Clock) -> None:
        self.runner = runner
        self._bridge = bridge
        self._settings = settings
        self._clock = clock
        self._leases: dict[Shard, Lease] = {}
        self._deadlines: dict[Shard, float] = {}
        # A renewal beside a claim would take what was just claimed for something forgotten.
        self._changing = asyncio.Lock()
        self._given_back: set[Lease] = set()
        self._held_by_others: dict[UUID, int] = {}
        self._others_let_go = False
        self._silence = SilenceWatch(
            clock, lease_seconds=settings.lease_seconds, renew_seconds=settings.renew_seconds
        )
        self._refusals = RefusalWatch(clock, renew_seconds=settings.renew_seconds)

    @property
    def is_refused(self) -> bool:
        """Tell whether the last renewal was refused, as by a database that takes no writes."""
        return self._refusals.is_refused

    def vouches(self, lease: Lease) -> bool:
        """Tell whether this runner surely still owns the shard under this very lease."""
        deadline = self._deadlines.get(lease.unit)
        return (
            deadline is not None
            and self._leases.get(lease.unit) == lease
            and self._clock.monotonic() < deadline
        )

    def list_held(self) -> list[Lease]:
        """List the leases that this runner vouches for; those it cannot vouch for any more are let go."""
        for lease in list(self._leases.values()):
            if not self.vouches(lease):
                self._drop(lease)
        return list(self._leases.values())

    async def renew(self) -> None:
        """Renew all leases, and learn which ones are lost.

        Raises:
            LeaseLostError: another runner declared this one dead.
            Exception: whatever the database raises; the leases then stand until their deadline.
        """
        async with self._changing:
            await self._renew()

    async def _renew(self) -> None:
        asked_at = self._clock.monotonic()
        vouched = self.list_held()
        try:
            renewed = await self._bridge.write(service.renew, self.runner.id, vouched)
        except LeaseLostError:
            self._drop_all()
            raise
        except DBAPIError as error:
            self._silence.distrust()
            if not is_read_only(error):
                raise
            await self._stand(asked_at)
            return
        self._refusals.forget()
        for lease in set(self._leases.values()) - renewed:
            self._drop(lease)
        # What was let go while the database answered stays let go; the next renewal frees it there.
        self._extend(renewed & set(self._leases.values()), asked_at)

    async def _stand(self, asked_at: float) -> None:
        """Keep what is ours while the database takes no writes, as long as it takes none from the others."""
        views, listed = await self._bridge.read(_read_standing, self.runner.id)
        for lease in set(self._leases.values()).difference(listed):
            self._drop(lease)
        if self._refusals.look({view.id: view.seen_at for view in views}):
            # Nobody can claim anything either, so what we hold stays ours, and is ours to renew later. It is
            # shorter than after a renewal: who comes back just now shows it by its own renewal, not before.
            self._extend(self._leases.values(), asked_at - self._settings.renew_seconds)
            _log.warning("The database takes no writes; leases stand meanwhile.")

    async def claim(self, wanted: Mapping[Shard, int]) -> list[Lease]:
        """Take free shards up to an even share.

        Args:
            wanted: with how many shards the bot of each shall run.

        Returns:
            The new leases.

        Raises:
            LeaseLostError: another runner declared this one dead.
        """
        async with self._changing:
            return await self._claim(wanted)

    async def _claim(self, wanted: Mapping[Shard, int]) -> list[Lease]:
        share = await self._get_share(wanted)
        free = {shard: count for shard, count in wanted.items() if shard not in self._leases}
        # Shards that are on their way out take no part of the share.
        room = claim_limit(share, self._settings.max_bots) - (len(wanted) - len(free))
        if room <= 0 or not free:
            return []
        asked_at = self._clock.monotonic()
        try:
            claimed = await self._bridge.write(service.claim_shards, self.runner.id, free, at_most=room)
        except LeaseLostError:
            self._drop_all()
            raise
        self._leases.update({lease.unit: lease for lease in claimed})
        self._extend(claimed, asked_at)
        return claimed

    async def list_surplus(self, wanted: Collection[Shard]) -> list[Lease]:
        """Choose a few shards to give to runners that have fewer. A few at a time are gentle enough."""
        share = await self._get_share(wanted)
        held = sorted(self._leases.values(), key=lambda lease: lease.unit)
        count = min(MOVES_AT_ONCE, surplus(share, len(held)))
        return held[len(held) - count :]

    async def release(self, leases: Iterable[Lease]) -> None:
        """Give shards back, so that others may take them at once.

        What is given back at the same moment shares a transaction: a runner that leaves does so hundreds
        of times. A release that failed is tried again by the next one, or noticed at the next renewal.
        """
        released = list(leases)
        for lease in released:
            self._drop(lease)
        self._given_back.update(released)
        async with self._changing:
            waiting, self._given_back = self._given_back, set()
            if not waiting:
                return
            try:
                await self._bridge.write(service.release, self.runner.id, waiting)
            except BaseException:
                self._given_back |= waiting
                raise

    async def step_back(self) -> None:
        """Take no part in the share of shards any more, since this runner is about to leave."""
        await self._bridge.write(service.step_back, self.runner.id)

    async def retire(self) -> None:
        """Give everything back and leave the list of runners."""
        self._drop_all()
        async with self._changing:
            await self._bridge.write(service.retire_runner, self.runner.id)

    async def look_at_others(self) -> bool:
        """Free what runners hold that are gone. Gives whether something may be free that was not before."""
        freed = await self.free_dead_runners()
        return bool(freed) or self._others_let_go

    async def free_dead_runners(self) -> list[Shard]:
        """Free what runners hold that are gone: on this machine at once, on others after a lease of silence.

        Returns:
            What is free now.
        """
        others = await self._list_others()
        held = {view.id: view.bots for view in others}
        self._others_let_go = any(
            held.get(runner_id, 0) < before for runner_id, before in self._held_by_others.items()
        )
        self._held_by_others = held
        silent = self._silence.look({view.id: view.seen_at for view in others})
        freed: list[Shard] = []
        for other in others:
            lock_path = Path(other.lock_path)
            if other.host == self.runner.host and is_free(lock_path):
                freed += await self._bridge.write(service.retire_runner, other.id)
                remove(lock_path)
                _log.warning("The runner %s (process %d) has died.", other.id, other.pid)
            elif other.id in silent:
                freed += await self._bridge.write(service.retire_runner, other.id, seen_at=silent[other.id])
                _log.warning("The runner %s on %s has fallen silent.", other.id, other.host)
        return freed

    async def _list_others(self) -> list[RunnerView]:
        try:
            views = await self._bridge.read(queries.list_runners)
        except DBAPIError:
            self._silence.distrust()
            raise
        return [view for view in views if view.id != self.runner.id]

    async def _get_share(self, wanted: Collection[Shard]) -> Share:
        return await self._bridge.read(
            queries.get_share,
            wanted=len(wanted),
            within=self._settings.lease_seconds,
            settled_after=self._settings.lease_seconds,
        )

    def _extend(self, leases: Iterable[Lease], asked_at: float) -> None:
        deadline = asked_at + self._settings.lease_seconds * (1 - _MARGIN)
        self._deadlines.update({lease.unit: deadline for lease in leases})

    def _drop_all(self) -> None:
        self._leases.clear()
        self._deadlines.clear()

    def _drop(self, lease: Lease) -> None:
        if self._leases.get(lease.unit) == lease:
            del self._leases[lease.unit]
            self._deadlines.pop(lease.unit, None)


def _read_standing(session: Session, runner_id: UUID) -> tuple[list[RunnerView], list[Lease]]:
    return queries.list_runners(session), queries.list_leases(session, runner_id)


def is_read_only(error: DBAPIError) -> bool:
    """Tell whether the database answered, and said that nobody can write.

    SQLite says so in words; PostgreSQL by SQLSTATE 25006 (read only) and 53100 (disk full).
    """
    if getattr(error.orig, "pgcode", None) in _READ_ONLY_STATES:
        return True
    text = str(error.orig).lower()
    return any(word in text for word in _READ_ONLY_WORDS)
