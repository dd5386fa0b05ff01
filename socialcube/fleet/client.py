"""One bot in this runner, from its sealed token to its last farewell."""

import asyncio
import logging
import traceback
from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from socialcube.adapters.base import BotAdapter
from socialcube.adapters.errors import HeldError, IntentsMissingError, TokenInvalidError
from socialcube.domain.bots import service as bot_service
from socialcube.domain.bots.errors import BotNotFoundError, ShardCountChangedError, TokenUnreadableError
from socialcube.domain.bots.types import Platform, Reason, WantedBot
from socialcube.domain.commands.types import CommandPlan
from socialcube.domain.guilds import service as guild_service
from socialcube.domain.logs.types import Level
from socialcube.domain.placements.errors import LeaseLostError, QuarantinedError, StartsUsedUpError
from socialcube.domain.placements.types import Lease, Shard
from socialcube.fleet.beginnings import Part
from socialcube.fleet.bridge import Bridge
from socialcube.fleet.budgets import CrashBudget
from socialcube.fleet.command_sync import Progress, SyncOutcome
from socialcube.fleet.life import BotLife
from socialcube.fleet.parts import FleetParts
from socialcube.fleet.status import BotStatus
from socialcube.kernel.errors import SocialCubeError, UnavailableError

_STOP_SECONDS: Final = 4.0
_AWAY_SECONDS: Final = 5.0
_WITHDRAW_SECONDS: Final = 20.0

_log = logging.getLogger(__name__)


class BotClient:
    """Runs one shard of a bot until it is stopped, held, or lost to another runner.

    Args:
        lease: under which it runs.
        wanted: the wish that it fulfils.
        parts: shared by all bots.
    """

    def __init__(self, lease: Lease, wanted: WantedBot, parts: FleetParts) -> None:
        self.lease = lease
        self.generation = wanted.generation
        self.shard_count = wanted.shard_count
        self._wanted = wanted
        self._parts = parts
        self._status = BotStatus(
            lease,
            parts.runner_id,
            clock=parts.clock,
            sink=parts.sink,
            report=parts.reporter.put,
            shard_count=wanted.shard_count,
        )
        self._crashes = CrashBudget(parts.clock)
        self._life: BotLife | None = None
        self._task: asyncio.Task[None] | None = None
        self._came_up = asyncio.Event()
        self._is_stopping = False

    @property
    def bot_id(self) -> UUID:
        """Give our key of the bot."""
        return self.lease.bot_id

    @property
    def unit(self) -> Shard:
        """Give the part of the bot that runs here."""
        return self.lease.unit

    @property
    def is_over(self) -> bool:
        """Tell whether nothing runs any more: it was held, or lost."""
        return self._task is None or self._task.done()

    @property
    def is_connected(self) -> bool:
        """Tell whether the gateway session stands."""
        return self._status.is_connected

    async def came_up_or_ended(self) -> None:
        """Return once the bot was online for the first time, or does not run any more."""
        if self._task is not None:
            came_up = asyncio.create_task(self._came_up.wait())
            await asyncio.wait({self._task, came_up}, return_when=asyncio.FIRST_COMPLETED)
            came_up.cancel()

    def start(self) -> None:
        """Begin to run in a task of its own."""
        self._task = asyncio.create_task(self._run(), name=f"bot {self.bot_id}")

    def refresh_state(self) -> None:
        """Report what the adapter measures."""
        if self._life is None:
            return
        self._status.refresh(self._life.adapter)
        latency_ms = self._life.adapter.latency_ms
        if self.is_connected and latency_ms is not None:
            self._parts.reporter.sample(self.unit, latency_ms)

    def commands_changed(self) -> None:
        """Read the published commands again and synchronise them."""
        if self._life is not None:
            self._life.commands.wake()

    async def plan_commands(self) -> CommandPlan:
        """Say what a synchronisation of commands would do.

        Raises:
            UnavailableError: the bot is not connected.
        """
        return await self._connected_life.commands.plan()

    async def apply_commands(self, seen: str, progress: Progress) -> SyncOutcome:
        """Bring the commands at the platform to what is published, as somebody agreed to.

        Args:
            seen: the digest of the plan that was agreed to.
            progress: hears how much is done, in percent.

        Raises:
            UnavailableError: the bot is not connected.
            PlanChangedError: it would be something else by now.
        """
        return await self._connected_life.commands.apply(seen, progress)

    async def leave_guild(self, external_id: int) -> None:
        """Leave a server because somebody here wants it, and store that.

        Raises:
            UnavailableError: the bot is not connected.
            CallRefusedError, PlatformUnreachableError, LeaseLostError: as the adapter says.
        """
        life = self._connected_life
        life.guilds.leaving(external_id)
        await life.adapter.leave_guild(external_id)
        # The gateway says so, too; whichever comes first is stored.
        life.guilds.left(external_id)

    @property
    def platform(self) -> BotAdapter:
        """Give the bot's way to its platform.

        Raises:
            UnavailableError: the bot is not connected.
        """
        return self._connected_life.adapter

    @property
    def bridge(self) -> Bridge:
        """Give the bot's way to the database."""
        return self._parts.bridge

    async def withdraw_commands(self) -> None:
        """Take the bot's commands away from the platform as far as that works: the bot was deleted here."""
        if self._life is None or not self.is_connected:
            return
        try:
            await asyncio.wait_for(self._life.commands.withdraw(), _WITHDRAW_SECONDS)
        except (SocialCubeError, SQLAlchemyError, TimeoutError) as error:
            self._status.log("commands_left", f"Some commands stay at Discord: {error}", level=Level.WARNING)

    def refresh_guilds(self) -> int:
        """Store all servers of the bot again. Gives how many.

        Raises:
            UnavailableError: the bot is not connected.
        """
        life = self._connected_life
        ids = life.adapter.list_guild_ids()
        life.guilds.refresh(ids)
        return len(ids)

    async def check_manager(self, guild_id: int, user_id: int, asked_at: datetime) -> bool:
        """Ask the platform whether a person manages a server, and store its answer.

        Args:
            guild_id: the platform's id of the server.
            user_id: the platform's id of the person.
            asked_at: when this began, by the database's clock: the answer is that old at most.

        Raises:
            UnavailableError: the bot is not connected, or the platform cannot be asked.
            CallRefusedError, LeaseLostError: as the adapter says.
        """
        is_manager = await self.platform.is_manager(guild_id, user_id)
        await self._parts.bridge.write(
            guild_service.note_manager_check,
            Platform.DISCORD,
            guild_id,
            user_id,
            is_manager=is_manager,
            checked_at=asked_at,
        )
        return is_manager

    def job_broke(self, kind: str, error: Exception) -> None:
        """Log that what another process asked for broke in a way that it should not."""
        detail = "".join(traceback.format_exception(error))
        self._status.log_error("job_broke", f"{type(error).__name__}: {error}", place=kind, detail=detail)

    async def stop(
        self, sentence: str, *, hand_over: bool, drain_seconds: float, reason: Reason | None = None
    ) -> None:
        """Leave the platform, let running commands finish, and say so.

        Args:
            sentence: for the bot's log.
            hand_over: keep the session resumable, since another process goes on.
            drain_seconds: how long running commands get, the end of the connection included.
            reason: why the bot is down although it is wanted.
        """
        was_over, self._is_stopping = self.is_over, True
        if self._life is not None:
            began = self._parts.clock.monotonic()
            await self._life.leave(hand_over=hand_over)
            # A connection that is slow to close takes that from the runs, not from who waits for both.
            await self._life.drain(max(0.0, drain_seconds - (self._parts.clock.monotonic() - began)))
        await self._end_task()
        if self._life is not None:
            await self._life.settle()
        if not was_over:
            self._status.stopped(sentence, reason)

    @property
    def _connected_life(self) -> BotLife:
        if self._life is None or not self.is_connected:
            raise UnavailableError(service="The bot")
        return self._life

    async def _end_task(self) -> None:
        if self._task is not None:
            self._task.cancel()
            await asyncio.wait({self._task}, timeout=_STOP_SECONDS)

    async def _run(self) -> None:
        while True:
            try:
                await self._live()
            except asyncio.CancelledError:
                raise
            except LeaseLostError:
                _log.warning("Bot %s belongs to another runner now.", self.bot_id)
                return
            except ShardCountChangedError as error:
                # Its wish has changed with that, so the supervisor starts every shard afresh.
                self._status.log("shard_count_changed", error.message)
                return
            except (HeldError, StartsUsedUpError, TokenUnreadableError) as error:
                await self._hold(_reason_of(error), error)
                return
            except (UnavailableError, SQLAlchemyError) as error:
                self._status.failed(Reason.PLATFORM_UNREACHABLE, str(error).partition("\n")[0])
                await asyncio.sleep(_AWAY_SECONDS)
            except Exception as error:  # noqa: BLE001 - whatever breaks here stays with this one bot
                await self._survive(error)
            else:
                return

    async def _live(self) -> None:
        """Connect and stay, once."""
        self._status.starting()
        # After a crash the commands must wait for the new session again: it tells the application's id.
        self._came_up.clear()
        beginning = await self._parts.beginnings.get(Part(self.unit, self.shard_count))
        if beginning is None:
            raise BotNotFoundError(ref=self.bot_id)
        if beginning.bot.generation != self.generation:
            # A newer wish may be for another number of shards: the supervisor starts what it says.
            return
        life = BotLife(self.lease, self._wanted, self._parts, self._status, beginning, self._came_up)
        self._life = life
        try:
            await life.run()
        finally:
            # Who stops the bot settles its session later, once the commands that still run are done.
            if not self._is_stopping:
                await life.settle()

    async def _survive(self, error: Exception) -> None:
        """Log a crash and wait for the next try."""
        detail = "".join(traceback.format_exception(error))
        self._status.log_error(
            "bot_crashed", f"{type(error).__name__}: {error}", place="fleet.client", detail=detail
        )
        pause = self._crashes.note()
        self._status.failed(Reason.CRASH_LOOP, f"It crashed and starts again in {pause:.0f} seconds.")
        self._status.log("crashed", f"Crashed: {type(error).__name__}.", level=Level.ERROR)
        await asyncio.sleep(pause)

    async def quarantine(self, error: QuarantinedError) -> None:
        """Stop on purpose, so that the platform does not refuse all bots of this address."""
        await self._hold(Reason.QUARANTINED, error)

    async def _hold(self, reason: Reason, error: SocialCubeError) -> None:
        """Stop on purpose until somebody wishes anew. Written until it is, or the lease is gone."""
        self._status.log("held", error.message, level=Level.ERROR, reason=reason.value)
        while self._parts.placements.vouches(self.lease):
            try:
                await self._parts.reporter.flush()
                await self._parts.bridge.write(
                    bot_service.hold,
                    self.bot_id,
                    self.generation,
                    reason=reason,
                    sentence=error.message,
                    remedy=error.remedy,
                    epoch=self.lease.epoch,
                    shard=self.lease.shard,
                )
            except (SQLAlchemyError, UnavailableError):
                await asyncio.sleep(_AWAY_SECONDS)
            else:
                return


def _reason_of(error: SocialCubeError) -> Reason:
    match error:
        case TokenInvalidError():
            return Reason.TOKEN_INVALID
        case TokenUnreadableError():
            return Reason.TOKEN_UNREADABLE
        case IntentsMissingError():
            return Reason.INTENTS_MISSING
        case StartsUsedUpError():
            return Reason.STARTS_USED_UP
        case _:
            return Reason.REFUSED
