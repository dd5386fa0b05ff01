"""Keeps the gateway sessions of all bots where the next runner finds them."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.placements import service
from socialcube.domain.placements.types import HeldSession, Lease, ResumableSession, SessionTerms
from socialcube.fleet.bridge import Bridge
from socialcube.kernel.clock import Clock

_LOOK_SECONDS: Final = 2.0
_REFRESH_SECONDS: Final = 120.0
"""After this long a session is stored again although nothing happened in it, so that it does not look old."""

_log = logging.getLogger(__name__)


@dataclass(slots=True)
class KeptSession:
    """A shard whose session is kept.

    Attributes:
        lease: under which it runs.
        terms: on which its session was begun.
        look: gives its session now, None when there is nothing to go on with.
        settled: gives it up to an event before which all that was said is stored: whoever goes on with it
            hears the others again. None, or another session, while nothing of it is stored.
        stored: what is in the database, as far as this runner knows.
        stored_at: monotonic seconds of that.
    """

    lease: Lease
    terms: SessionTerms
    look: Callable[[], ResumableSession | None]
    settled: Callable[[], ResumableSession | None]
    stored: ResumableSession | None = None
    stored_at: float = 0.0


class SessionKeeper:
    """Stores every two seconds the sessions in which something happened, all in one transaction.

    A runner that is killed loses what was handled since: that is sent again, and not run twice, since the
    platform says that it was answered.

    Args:
        bridge: to the database.
        runner_id: this process.
        clock: measures how long ago a session was stored.
    """

    def __init__(self, bridge: Bridge, runner_id: UUID, clock: Clock) -> None:
        self._bridge = bridge
        self._runner_id = runner_id
        self._clock = clock
        self._kept: dict[Lease, KeptSession] = {}
        self._leaving: dict[Lease, KeptSession] = {}
        self._writing = asyncio.Lock()

    def keep(self, kept: KeptSession) -> None:
        """Look after a session from now on. What the launch brought counts as stored."""
        kept.stored, kept.stored_at = kept.look(), self._clock.monotonic()
        self._kept[kept.lease] = kept

    def drop(self, lease: Lease) -> None:
        """Look after a session no more, and leave what is stored: it may be another runner's by now."""
        self._kept.pop(lease, None)
        self._leaving.pop(lease, None)

    async def settle(self, lease: Lease) -> None:
        """Store a session for the last time, or forget one that was ended, and look after it no more.

        Sessions that are settled together share a transaction, and none looks at all the others: a runner
        that leaves hands over hundreds at once.
        """
        kept = self._kept.pop(lease, None)
        if kept is None:
            return
        self._leaving[lease] = kept
        try:
            async with self._writing:
                if lease in self._leaving:
                    await self._settle_all()
        finally:
            self._leaving.pop(lease, None)

    async def run(self) -> None:
        """Store until cancelled. While the database is away the sessions wait."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            await self.flush()

    async def flush(self) -> bool:
        """Store what changed. Gives whether that worked."""
        async with self._writing:
            return await self._write(self._kept.values())

    async def _settle_all(self) -> None:
        """Store those that leave. When that does not work, each of them tries once more for all."""
        leaving = dict(self._leaving)
        if await self._write(leaving.values()):
            for lease in leaving:
                self._leaving.pop(lease, None)

    async def _write(self, kept_sessions: Iterable[KeptSession]) -> bool:
        seen = [(kept, _see(kept)) for kept in kept_sessions]
        news = [(kept, session) for kept, session in seen if self._is_news(kept, session)]
        if not news:
            return True
        now = self._clock.monotonic()
        try:
            await self._bridge.write(_store, self._runner_id, news)
        except Exception as error:  # noqa: BLE001 - whatever ails the database, the bots go on
            _log.warning("The sessions of %d bots wait: %s", len(news), type(error).__name__)
            return False
        for kept, session in news:
            kept.stored, kept.stored_at = session, now
        return True

    def _is_news(self, kept: KeptSession, session: ResumableSession | None) -> bool:
        is_old = self._clock.monotonic() - kept.stored_at >= _REFRESH_SECONDS
        return session != kept.stored or (session is not None and is_old)


def _see(kept: KeptSession) -> ResumableSession | None:
    """Give what is to be stored: nothing of a session that was ended, the last while nothing is settled."""
    session, settled = kept.look(), kept.settled()
    if session is None:
        return None
    return settled if settled is not None and settled.id == session.id else kept.stored


def _store(
    uow: UnitOfWork, runner_id: UUID, news: Iterable[tuple[KeptSession, ResumableSession | None]]
) -> None:
    held = []
    for kept, session in news:
        if session is None:
            service.forget_session(uow, kept.lease)
        else:
            held.append(HeldSession(kept.lease, session, kept.terms))
    service.save_sessions(uow, runner_id, held)
