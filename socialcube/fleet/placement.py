"""What this runner owns, and until when it may act on that."""

import asyncio
import logging
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Final
from uuid import UUID

from sqlalchemy.exc import DBAPIError

from socialcube.domain.placements import queries, service
from socialcube.domain.placements.errors import LeaseLostError
from socialcube.domain.placements.policy import claim_limit, surplus
from socialcube.domain.placements.types import ClaimTerms, Lease, RunnerView, Share
from socialcube.fleet.bridge import Bridge
from socialcube.fleet.lock_files import is_free, remove
from socialcube.kernel.clock import Clock
from socialcube.kernel.settings import FleetSettings

_MARGIN: Final = 0.2
_FORGET_AFTER_SECONDS: Final = 600.0
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
    """Claims, renews and gives back leases, and vouches for bots between two renewals.

    A lease counts for this runner a fifth shorter than for the database, from the moment before it was
    asked for, so that it stops speaking before another one may begin, whatever the network does.

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
        self._leases: dict[UUID, Lease] = {}
        self._deadlines: dict[UUID, float] = {}
        # A renewal beside a claim would take what was just claimed for something forgotten.
        self._changing = asyncio.Lock()
        # A process that just started cannot know whether the database took writes until now.
        self._careful_until = clock.monotonic() + _careful_seconds(settings)

    def vouches(self, lease: Lease) -> bool:
        """Tell whether this runner surely still owns the bot under this very lease."""
        deadline = self._deadlines.get(lease.bot_id)
        return (
            deadline is not None
            and self._leases.get(lease.bot_id) == lease
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
            renewed = await self._bridge.write(
                service.renew, self.runner.id, vouched, self._settings.lease_seconds
            )
        except LeaseLostError:
            self._drop_all()
            raise
        except DBAPIError as error:
            # What kept us from renewing may keep the other owners too. They come first: see `claim`.
            self._careful_until = asked_at + _careful_seconds(self._settings)
            if not is_read_only(error):
                raise
            # Nobody can claim anything either, so what we hold stays ours, and is ours to renew later.
            self._extend(self._leases.values(), asked_at)
            _log.warning("The database takes no writes; leases stand meanwhile.")
            return
        for lease in set(self._leases.values()) - renewed:
            self._drop(lease)
        # What was let go while the database answered stays let go; the next renewal frees it there.
        self._extend(renewed & set(self._leases.values()), asked_at)

    async def claim(self, wanted: Collection[UUID]) -> list[Lease]:
        """Take free bots up to an even share. Gives the new leases."""
        async with self._changing:
            return await self._claim(wanted)

    async def _claim(self, wanted: Collection[UUID]) -> list[Lease]:
        share = await self._get_share(wanted)
        free = [bot_id for bot_id in wanted if bot_id not in self._leases]
        # Bots that are on their way out take no part of the share.
        room = claim_limit(share, self._settings.max_bots) - (len(wanted) - len(free))
        if room <= 0 or not free:
            return []
        asked_at = self._clock.monotonic()
        terms = ClaimTerms(
            at_most=room,
            lease_seconds=self._settings.lease_seconds,
            take_expired=asked_at >= self._careful_until,
        )
        claimed = await self._bridge.write(service.claim_bots, self.runner.id, free, terms)
        self._leases.update({lease.bot_id: lease for lease in claimed})
        self._extend(claimed, asked_at)
        return claimed

    async def list_surplus(self, wanted: Collection[UUID]) -> list[Lease]:
        """Choose at most one bot to give to a runner that has fewer. One at a time is gentle enough."""
        share = await self._get_share(wanted)
        held = sorted(self._leases.values(), key=lambda lease: lease.bot_id)
        return held[-1:] if surplus(share, len(held)) else []

    async def release(self, leases: Iterable[Lease]) -> None:
        """Give bots back, so that others may take them at once."""
        released = list(leases)
        for lease in released:
            self._drop(lease)
        if released:
            async with self._changing:
                await self._bridge.write(service.release, self.runner.id, released)

    async def retire(self) -> None:
        """Give everything back and leave the list of runners."""
        self._drop_all()
        async with self._changing:
            await self._bridge.write(service.retire_runner, self.runner.id)

    async def free_dead_runners(self) -> list[UUID]:
        """Free the bots of runners on this machine whose process is gone. Gives the freed bots."""
        freed: list[UUID] = []
        for other in await self._list_neighbours():
            if is_free(Path(other.lock_path)):
                freed += await self._bridge.write(service.retire_runner, other.id)
                remove(Path(other.lock_path))
                _log.warning("The runner %s (process %d) has died.", other.id, other.pid)
        return freed

    async def forget_lost_runners(self) -> None:
        """Remove runners that have been silent for minutes, on whatever machine they were.

        After a time without writes all of them look silent, so each gets its chance to renew first.
        """
        if self._clock.monotonic() >= self._careful_until:
            await self._bridge.write(
                service.forget_lost_runners, self.runner.id, after_seconds=_FORGET_AFTER_SECONDS
            )

    async def _list_neighbours(self) -> list[RunnerView]:
        views = await self._bridge.read(queries.list_runners_on, self.runner.host)
        return [view for view in views if view.id != self.runner.id]

    async def _get_share(self, wanted: Collection[UUID]) -> Share:
        return await self._bridge.read(
            queries.get_share,
            wanted=len(wanted),
            within=self._settings.lease_seconds,
            settled_after=self._settings.lease_seconds,
        )

    def _extend(self, leases: Iterable[Lease], asked_at: float) -> None:
        deadline = asked_at + self._settings.lease_seconds * (1 - _MARGIN)
        self._deadlines.update({lease.bot_id: deadline for lease in leases})

    def _drop_all(self) -> None:
        self._leases.clear()
        self._deadlines.clear()

    def _drop(self, lease: Lease) -> None:
        if self._leases.get(lease.bot_id) == lease:
            del self._leases[lease.bot_id]
            self._deadlines.pop(lease.bot_id, None)


def is_read_only(error: DBAPIError) -> bool:
    """Tell whether the database answered, and said that nobody can write.

    SQLite says so in words; PostgreSQL by SQLSTATE 25006 (read only) and 53100 (disk full).
    """
    if getattr(error.orig, "pgcode", None) in _READ_ONLY_STATES:
        return True
    text = str(error.orig).lower()
    return any(word in text for word in _READ_ONLY_WORDS)


def _careful_seconds(settings: FleetSettings) -> float:
    """Tell how long a silent owner may speak, whose last refused write may have come a renewal after ours."""
    return settings.lease_seconds + settings.renew_seconds
