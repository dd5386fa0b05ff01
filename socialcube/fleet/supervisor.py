"""Keeps the bots of this runner equal to what is wanted and owned."""

import asyncio
import logging
from collections.abc import Callable
from typing import Final
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from socialcube.domain.bots import queries as bots
from socialcube.domain.bots.types import Reason, WantedBot
from socialcube.domain.placements.types import Lease
from socialcube.fleet.client import BotClient
from socialcube.fleet.parts import FleetParts
from socialcube.kernel.errors import UnavailableError
from socialcube.kernel.settings import FleetSettings

_NEIGHBOUR_SECONDS: Final = 0.5
_GUARD_SECONDS: Final = 0.5
_STATE_SECONDS: Final = 20.0
_TIDY_SECONDS: Final = 60.0
_SHORT_DRAIN_SECONDS: Final = 5.0

_log = logging.getLogger(__name__)

MakeClient = Callable[[Lease, int], BotClient]


class Supervisor:
    """Starts, stops and hands over bots. Its loops never end by themselves.

    Args:
        parts: shared by all bots.
        settings: durations.
        make_client: makes the client of one bot from its lease and the wish that it fulfils.
    """

    def __init__(self, parts: FleetParts, settings: FleetSettings, make_client: MakeClient) -> None:
        self.clients: dict[UUID, BotClient] = {}
        self._placements = parts.placements
        self._bridge = parts.bridge
        self._reporter = parts.reporter
        self._clock = parts.clock
        self._settings = settings
        self._make_client = make_client
        self._wake = asyncio.Event()
        self._reconciled_once = asyncio.Event()

    def wake(self) -> None:
        """Look at once at what is wanted."""
        self._wake.set()

    async def settled(self) -> None:
        """Return once every bot that was owned first is connected, or over."""
        await self._reconciled_once.wait()
        await asyncio.gather(*(client.came_up_or_ended() for client in list(self.clients.values())))

    async def reconcile_for_ever(self) -> None:
        """Reconcile on every hint and on a timer."""
        while True:
            try:
                await self.reconcile()
                self._reconciled_once.set()
            except (SQLAlchemyError, UnavailableError) as error:
                _log.warning("Cannot look at what is wanted: %s", type(error).__name__)
            try:
                await asyncio.wait_for(self._wake.wait(), self._settings.reconcile_seconds)
            except TimeoutError:
                continue
            self._wake.clear()

    async def renew_for_ever(self) -> None:
        """Renew the leases in time. A renewal that fails is tried again long before they run out.

        Raises:
            LeaseLostError: another runner declared this one dead.
        """
        while True:
            try:
                await self._placements.renew()
                pause = self._settings.renew_seconds
            except (SQLAlchemyError, UnavailableError) as error:
                _log.warning("Cannot renew the leases: %s", type(error).__name__)
                pause = min(1.0, self._settings.renew_seconds)
            await asyncio.sleep(pause)

    async def guard_for_ever(self) -> None:
        """Stop the bots that this runner cannot vouch for any more, and report the state of the others."""
        reported_at = self._clock.monotonic()
        while True:
            await asyncio.sleep(_GUARD_SECONDS)
            held = {lease.bot_id: lease for lease in self._placements.list_held()}
            lost = [client for client in self.clients.values() if held.get(client.bot_id) != client.lease]
            await asyncio.gather(*(self._abandon(client) for client in lost))
            if self._clock.monotonic() - reported_at >= _STATE_SECONDS:
                reported_at = self._clock.monotonic()
                for client in self.clients.values():
                    client.refresh_state()

    async def watch_neighbours_for_ever(self) -> None:
        """Take over from runners of this machine as soon as their process is gone."""
        tidied_at = self._clock.monotonic()
        while True:
            await asyncio.sleep(_NEIGHBOUR_SECONDS)
            try:
                if await self._placements.free_dead_runners():
                    self.wake()
                if self._clock.monotonic() - tidied_at >= _TIDY_SECONDS:
                    tidied_at = self._clock.monotonic()
                    await self._placements.forget_lost_runners()
            except (SQLAlchemyError, UnavailableError) as error:
                _log.warning("Cannot look after the other runners: %s", type(error).__name__)

    async def reconcile(self) -> None:
        """Bring what runs to what is wanted, once."""
        wanted = {bot.bot_id: bot for bot in await self._bridge.read(bots.list_wanted)}
        await asyncio.gather(*(self._end(client, wanted) for client in list(self.clients.values())))
        await self._placements.claim(list(wanted))
        for lease in self._placements.list_held():
            if lease.bot_id in wanted and lease.bot_id not in self.clients:
                self._start(lease, wanted[lease.bot_id])
        for lease in await self._placements.list_surplus(list(wanted)):
            await self._hand_over(self.clients.get(lease.bot_id), lease)

    async def drain(self, seconds: float) -> None:
        """Hand all bots over and leave: running commands get so many seconds."""
        stops = (
            client.stop(
                "Its runner was stopped.",
                hand_over=True,
                drain_seconds=seconds,
                reason=Reason.RUNNER_LOST,
            )
            for client in list(self.clients.values())
        )
        await asyncio.gather(*stops, return_exceptions=True)
        self.clients.clear()
        await self._reporter.flush()
        await self._placements.retire()

    def _start(self, lease: Lease, wanted: WantedBot) -> None:
        client = self._make_client(lease, wanted.generation)
        self.clients[lease.bot_id] = client
        client.start()

    async def _end(self, client: BotClient, wanted: dict[UUID, WantedBot]) -> None:
        """End a client that is not wanted as it is. One that shall run afresh keeps its lease."""
        wish = wanted.get(client.bot_id)
        if wish is not None and wish.generation == client.generation and not client.is_over:
            return
        sentence = "You stopped it." if wish is None else "It starts afresh."
        await client.stop(sentence, hand_over=False, drain_seconds=_SHORT_DRAIN_SECONDS)
        self.clients.pop(client.bot_id, None)
        if wish is None:
            await self._reporter.flush()
            await self._placements.release([client.lease])

    async def _hand_over(self, client: BotClient | None, lease: Lease) -> None:
        if client is not None:
            await client.stop(
                "Another runner takes it over.", hand_over=True, drain_seconds=_SHORT_DRAIN_SECONDS
            )
            self.clients.pop(client.bot_id, None)
        await self._reporter.flush()
        await self._placements.release([lease])

    async def _abandon(self, client: BotClient) -> None:
        """Let go of a bot that may be another runner's by now: nothing is sent or written for it."""
        self.clients.pop(client.bot_id, None)
        await client.stop("Its lease ran out.", hand_over=True, drain_seconds=0, reason=Reason.RUNNER_LOST)
