"""Keeps the bots of this runner equal to what is wanted and owned."""

import asyncio
import logging
from collections.abc import Callable, Collection, Coroutine, Mapping
from typing import Any, Final

from sqlalchemy.exc import SQLAlchemyError

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.bots import queries as bots
from socialcube.domain.bots import service as bot_service
from socialcube.domain.bots.types import DesiredState, Reason, WantedBot
from socialcube.domain.placements import service as placements
from socialcube.domain.placements.types import Lease, Shard
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
_FAREWELL_SECONDS: Final = 5.0
"""What a drain keeps, after the running commands, for leaving the platform and storing that."""

_CUT_SECONDS: Final = 0.2
_LAST_SECONDS: Final = 2.0
"""What it keeps of these for giving the leases back, whatever still hangs."""

_log = logging.getLogger(__name__)

MakeClient = Callable[[Lease, WantedBot], BotClient]


class Supervisor:
    """Starts, stops and hands over bots, each shard by itself. Its loops never end by themselves.

    Args:
        parts: shared by all bots.
        settings: durations.
        make_client: makes the client of one shard from its lease and the wish that it fulfils.
    """

    def __init__(self, parts: FleetParts, settings: FleetSettings, make_client: MakeClient) -> None:
        self.clients: dict[Shard, BotClient] = {}
        self._placements = parts.placements
        self._bridge = parts.bridge
        self._reporter = parts.reporter
        self._clock = parts.clock
        self._settings = settings
        self._make_client = make_client
        self._share_out_at = 0.0
        self._leaving: dict[Shard, asyncio.Task[None]] = {}
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
                if self._placements.is_refused:
                    # It must see early enough whether the others are refused, too.
                    pause = min(1.0, pause)
            except (SQLAlchemyError, UnavailableError) as error:
                _log.warning("Cannot renew the leases: %s", type(error).__name__)
                pause = min(1.0, self._settings.renew_seconds)
            await self._sleep_lightly(pause)

    async def guard_for_ever(self) -> None:
        """Stop the bots that this runner cannot vouch for any more, and report the state of the others."""
        reported_at = self._clock.monotonic()
        while True:
            await asyncio.sleep(_GUARD_SECONDS)
            await self.abandon_lost()
            if self._clock.monotonic() - reported_at >= _STATE_SECONDS:
                reported_at = self._clock.monotonic()
                for client in self.clients.values():
                    client.refresh_state()

    async def abandon_lost(self) -> None:
        """Stop the shards that this runner cannot vouch for any more."""
        held = {lease.unit: lease for lease in self._placements.list_held()}
        lost = [client for client in self.clients.values() if held.get(client.unit) != client.lease]
        await asyncio.gather(*(self._abandon(client) for client in lost))

    async def watch_neighbours_for_ever(self) -> None:
        """Take over from runners of this machine as soon as their process is gone."""
        tidied_at = self._clock.monotonic()
        while True:
            await asyncio.sleep(_NEIGHBOUR_SECONDS)
            try:
                if await self._placements.look_at_others():
                    self.wake()
                if self._clock.monotonic() - tidied_at >= _TIDY_SECONDS:
                    tidied_at = self._clock.monotonic()
                    await self._bridge.write(_forget_what_is_old)
            except (SQLAlchemyError, UnavailableError) as error:
                _log.warning("Cannot look after the other runners: %s", type(error).__name__)

    async def reconcile(self) -> None:
        """Bring what runs to what is wanted, once."""
        # Asked before the database: a bot that is held a moment later would look wanted, and run again.
        over = {unit for unit, client in self.clients.items() if client.is_over}
        bots_wanted = await self._bridge.read(bots.list_wanted)
        wanted = {unit: bot for bot in bots_wanted for unit in bot.units}
        for client in list(self.clients.values()):
            wish = wanted.get(client.unit)
            if wish is None or wish.generation != client.generation or client.unit in over:
                self._leave(client, self._end(client, wish))
        await self._placements.release(self._list_idle(wanted))
        await self._placements.claim({unit: bot.shard_count for unit, bot in wanted.items()})
        for lease in self._placements.list_held():
            if lease.unit in wanted and lease.unit not in self.clients:
                self._start(lease, wanted[lease.unit])
        await self._share_out(list(wanted))

    async def drain(self, seconds: float) -> None:
        """Hand all bots over and leave, within so many seconds in all, but at least five.

        Running commands get what the rest does not need. What hangs is cut off: its session goes on from
        where it was stored last.

        Raises:
            UnavailableError: the leases could not be given back in time.
        """
        deadline = asyncio.get_running_loop().time() + max(seconds, _FAREWELL_SECONDS)
        for client in list(self.clients.values()):
            farewell = self._hand_over(
                client,
                "Its runner was stopped.",
                drain_seconds=max(0.0, seconds - _FAREWELL_SECONDS),
                reason=Reason.RUNNER_LOST,
            )
            self._leave(client, farewell)
        # Without a share of its own the others take all of it, each shard as soon as it is given back.
        stepping_back = asyncio.create_task(self._step_back())
        await _finish([stepping_back, *self._leaving.values()], deadline - _LAST_SECONDS)
        self.clients.clear()
        await _finish([asyncio.create_task(self._reporter.flush())], deadline - _LAST_SECONDS / 2)
        try:
            async with asyncio.timeout_at(deadline):
                await self._placements.retire()
        except TimeoutError as error:
            raise UnavailableError(service="The database") from error

    def _list_idle(self, wanted: Mapping[Shard, WantedBot]) -> list[Lease]:
        """List leases under which nothing runs, and nothing may: the wish changed during a farewell."""
        return [
            lease
            for lease in self._placements.list_held()
            if lease.unit not in self.clients
            and ((wish := wanted.get(lease.unit)) is None or wish.shard_count != lease.shard_count)
        ]

    def _start(self, lease: Lease, wanted: WantedBot) -> None:
        client = self._make_client(lease, wanted)
        self.clients[lease.unit] = client
        client.start()

    async def _sleep_lightly(self, seconds: float) -> None:
        before = self._clock.monotonic()
        await asyncio.sleep(seconds)
        stood_still = self._clock.monotonic() - before - seconds
        if stood_still >= self._settings.lease_seconds:
            raise LoopStalledError(seconds=stood_still)

    async def _share_out(self, wanted: list[Shard]) -> None:
        """Give some shards to runners that have fewer. Their sessions go with them, so nothing is missed."""
        if self._leaving or self._clock.monotonic() < self._share_out_at:
            return
        for lease in await self._placements.list_surplus(wanted):
            client = self.clients.get(lease.unit)
            if client is not None:
                self._share_out_at = self._clock.monotonic() + self._settings.reconcile_seconds
                self._leave(client, self._hand_over(client))

    def _leave(self, client: BotClient, farewell: Coroutine[None, None, None]) -> None:
        """Let a shard go in a task of its own, so that a slow one keeps nobody waiting; once at a time."""
        if client.unit in self._leaving:
            farewell.close()
            return
        task = asyncio.create_task(farewell, name=f"farewell of {client.bot_id} {client.unit.number}")
        self._leaving[client.unit] = task
        task.add_done_callback(lambda done: self._left(client, done))

    def _left(self, client: BotClient, farewell: asyncio.Task[None]) -> None:
        self._leaving.pop(client.unit, None)
        if not farewell.cancelled() and (error := farewell.exception()) is not None:
            # What was not given back is noticed at the next renewal.
            _log.warning("Bot %s could not be given back: %s", client.bot_id, type(error).__name__)
        self.wake()

    async def _end(self, client: BotClient, wish: WantedBot | None) -> None:
        """End a client that is not wanted as it is. One that shall run afresh keeps its lease."""
        if wish is None and await self._bridge.read(bots.is_deleted, client.bot_id):
            # Its sealed token is destroyed already, so nobody could do it later.
            await client.withdraw_commands()
        sentence = await self._say_why(client, wish)
        await client.stop(sentence, hand_over=False, drain_seconds=_SHORT_DRAIN_SECONDS)
        await self._reporter.flush()
        self._forget(client)
        # Parts of another count may only begin once none of this one is left.
        if wish is None or wish.shard_count != client.shard_count:
            await self._placements.release([client.lease])

    async def _say_why(self, client: BotClient, wish: WantedBot | None) -> str:
        if wish is not None:
            return "It starts afresh."
        bot = await self._bridge.read(bots.find_bot, client.bot_id)
        if bot is None or bot.desired_state is DesiredState.STOPPED:
            return "It was stopped here."
        return "It waits for somebody to look at it." if bot.state.is_held else "It starts afresh."

    async def _hand_over(
        self,
        client: BotClient,
        sentence: str = "Another runner takes it over.",
        *,
        drain_seconds: float = _SHORT_DRAIN_SECONDS,
        reason: Reason | None = None,
    ) -> None:
        """Give one shard to whoever wants it, as soon as nothing of it runs here any more."""
        await client.stop(sentence, hand_over=True, drain_seconds=drain_seconds, reason=reason)
        await self._reporter.flush()
        self._forget(client)
        await self._placements.release([client.lease])

    async def _step_back(self) -> None:
        try:
            await self._placements.step_back()
        except (SQLAlchemyError, UnavailableError) as error:
            _log.warning("The other runners wait for all of the hand-over: %s", type(error).__name__)

    def _forget(self, client: BotClient) -> None:
        if self.clients.get(client.unit) is client:
            del self.clients[client.unit]

    async def _abandon(self, client: BotClient) -> None:
        """Let go of a bot that may be another runner's by now: nothing is sent or written for it."""
        self._forget(client)
        await client.stop("Its lease ran out.", hand_over=True, drain_seconds=0, reason=Reason.RUNNER_LOST)


async def _finish(tasks: Collection[asyncio.Task[Any]], deadline: float) -> None:
    """Wait for tasks until a moment of the loop's clock, and cut off what is not done then."""
    if not tasks:
        return
    _, late = await asyncio.wait(tasks, timeout=deadline - asyncio.get_running_loop().time())
    for task in late:
        task.cancel()
    await asyncio.wait(tasks, timeout=_CUT_SECONDS)


def _forget_what_is_old(uow: UnitOfWork) -> None:
    placements.forget_old_starts(uow)
    placements.forget_old_invalid_answers(uow)
    bot_service.forget_old_samples(uow)
