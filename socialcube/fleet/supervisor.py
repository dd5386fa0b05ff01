"""Keeps the bots of this runner equal to what is wanted and owned."""

import asyncio
import logging
from collections.abc import Callable, Coroutine
from typing import Final
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from socialcube.domain.bots import queries as bots
from socialcube.domain.bots.types import Reason, WantedBot
from socialcube.domain.placements.types import Lease
from socialcube.fleet.client import BotClient
from socialcube.fleet.heartbeat import LoopStalledError
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
        self._share_out_at = 0.0
        self._leaving: dict[UUID, asyncio.Task[None]] = {}
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
            LoopStalledError: this process stood still for longer than a lease. It must not even say that
                it lives: others would make room for it.
        """
        while True:
            try:
                await self._placements.renew()
                pause = self._settings.renew_seconds
            except (SQLAlchemyError, UnavailableError) as error:
                _log.warning("Cannot renew the leases: %s", type(error).__name__)
                pause = min(1.0, self._settings.renew_seconds)
            await self._sleep_lightly(pause)

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
        # Asked before the database: a bot that is held a moment later would look wanted, and run again.
        over = {bot_id for bot_id, client in self.clients.items() if client.is_over}
        wanted = {bot.bot_id: bot for bot in await self._bridge.read(bots.list_wanted)}
        for client in list(self.clients.values()):
            wish = wanted.get(client.bot_id)
            if wish is None or wish.generation != client.generation or client.bot_id in over:
                self._leave(client, self._end(client, is_wanted=wish is not None))
        await self._placements.claim(list(wanted))
        for lease in self._placements.list_held():
            if lease.bot_id in wanted and lease.bot_id not in self.clients:
                self._start(lease, wanted[lease.bot_id])
        await self._share_out(list(wanted))

    async def drain(self, seconds: float) -> None:
        """Hand all bots over and leave: running commands get so many seconds."""
        await asyncio.gather(*self._leaving.values(), return_exceptions=True)
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

    async def _sleep_lightly(self, seconds: float) -> None:
        before = self._clock.monotonic()
        await asyncio.sleep(seconds)
        stood_still = self._clock.monotonic() - before - seconds
        if stood_still >= self._settings.lease_seconds:
            raise LoopStalledError(seconds=stood_still)

    async def _share_out(self, wanted: list[UUID]) -> None:
        """Give one bot to a runner that has fewer. One in a while is gentle: each costs a session start."""
        if self._leaving or self._clock.monotonic() < self._share_out_at:
            return
        for lease in await self._placements.list_surplus(wanted):
            client = self.clients.get(lease.bot_id)
            if client is not None:
                self._share_out_at = self._clock.monotonic() + self._settings.reconcile_seconds
                self._leave(client, self._hand_over(client))

    def _leave(self, client: BotClient, farewell: Coroutine[None, None, None]) -> None:
        """Let a bot go in a task of its own, so that a slow one keeps nobody waiting; only once at a time."""
        if client.bot_id in self._leaving:
            farewell.close()
            return
        task = asyncio.create_task(farewell, name=f"farewell of {client.bot_id}")
        self._leaving[client.bot_id] = task
        task.add_done_callback(lambda done: self._left(client, done))

    def _left(self, client: BotClient, farewell: asyncio.Task[None]) -> None:
        self._leaving.pop(client.bot_id, None)
        if not farewell.cancelled() and (error := farewell.exception()) is not None:
            # What was not given back is noticed at the next renewal.
            _log.warning("Bot %s could not be given back: %s", client.bot_id, type(error).__name__)
        self.wake()

    async def _end(self, client: BotClient, *, is_wanted: bool) -> None:
        """End a client that is not wanted as it is. One that shall run afresh keeps its lease."""
        sentence = "It starts afresh." if is_wanted else "You stopped it."
        if not is_wanted and await self._bridge.read(bots.is_deleted, client.bot_id):
            # Its sealed token is destroyed already, so nobody could do it later.
            await client.withdraw_commands()
        await client.stop(sentence, hand_over=False, drain_seconds=_SHORT_DRAIN_SECONDS)
        await self._reporter.flush()
        self._forget(client)
        if not is_wanted:
            await self._placements.release([client.lease])

    async def _hand_over(self, client: BotClient) -> None:
        await client.stop("Another runner takes it over.", hand_over=True, drain_seconds=_SHORT_DRAIN_SECONDS)
        await self._reporter.flush()
        self._forget(client)
        await self._placements.release([client.lease])

    def _forget(self, client: BotClient) -> None:
        if self.clients.get(client.bot_id) is client:
            del self.clients[client.bot_id]

    async def _abandon(self, client: BotClient) -> None:
        """Let go of a bot that may be another runner's by now: nothing is sent or written for it."""
        self._forget(client)
        await client.stop("Its lease ran out.", hand_over=True, drain_seconds=0, reason=Reason.RUNNER_LOST)
