"""What one bot's adapter tells, turned into state, log, and work."""

import asyncio
import traceback

from socialcube.adapters.base import Connection, SessionStarts
from socialcube.domain.bots import service as bot_service
from socialcube.domain.bots.errors import ShardCountChangedError
from socialcube.domain.bots.policy import is_reshard_due
from socialcube.domain.bots.types import WantedBot
from socialcube.domain.commands.types import Invocation
from socialcube.domain.logs.types import Level
from socialcube.domain.placements.types import Lease
from socialcube.engine.ports import Responder
from socialcube.fleet.dispatch import Dispatcher, RunCommand
from socialcube.fleet.guild_sync import GuildSync
from socialcube.fleet.parts import FleetParts
from socialcube.fleet.status import BotStatus


class BotHandlers:
    """Hears one bot's adapter. Nothing here waits for the database.

    Args:
        lease: under which the bot runs.
        wanted: the wish that it fulfils.
        parts: shared by all bots.
        status: the bot's state and log.
        guilds: stores the bot's servers.
        run: runs one command.
        came_up: set at the first session.
        guild_ids: servers that the bot is in already when it goes on with a session.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - each is one listener of the events
        self,
        lease: Lease,
        wanted: WantedBot,
        parts: FleetParts,
        status: BotStatus,
        guilds: GuildSync,
        run: RunCommand,
        came_up: asyncio.Event,
        guild_ids: frozenset[int],
    ) -> None:
        self._lease = lease
        self._wanted = wanted
        self._parts = parts
        self._status = status
        self._guilds = guilds
        self._known = guild_ids
        self._starts_left: int | None = None
        self._came_up = came_up
        self.dispatcher = Dispatcher(run, failed=self._run_failed, dropped=self._run_dropped)

    def may_send(self) -> bool:
        """Tell whether this runner still owns the bot."""
        return self._parts.placements.vouches(self._lease)

    async def admit_start(self, starts: SessionStarts) -> None:
        """Count the start and wait for its turn."""
        if is_reshard_due(self._wanted.shard_count, starts.shards):
            await self._reshard(starts.shards)
        await self._parts.gate.admit(self._lease, self._wanted.generation, starts)
        self._starts_left = starts.remaining - 1

    def connected(self, connection: Connection) -> None:
        """Note the session and which servers it is in."""
        self._known = connection.guild_ids
        self._guilds.present_in(connection.guild_ids)
        self._status.connected(guild_count=len(connection.guild_ids), starts_left=self._starts_left)
        self._came_up.set()

    def resumed(self) -> None:
        """Note that the session goes on: this life's own, or one that another process left."""
        if self._came_up.is_set():
            self._status.resumed()
            return
        self._status.took_over(guild_count=len(self._known))
        self._came_up.set()

    def disconnected(self, sentence: str) -> None:
        """Note that the connection is gone for the moment."""
        self._status.reconnecting(sentence)

    def guild_changed(self, external_id: int) -> None:
        """Store the server; one that the session did not start with was joined just now."""
        if external_id not in self._known:
            self._known |= {external_id}
            self._guilds.joined(external_id)
        else:
            self._guilds.changed(external_id)

    def guild_left(self, external_id: int) -> None:
        """Store that the bot is not there any more."""
        self._known -= {external_id}
        self._guilds.left(external_id)

    def guild_unavailable(self, external_id: int) -> None:
        """Store that the platform cannot reach the server."""
        self._guilds.unavailable(external_id)

    def invoked(self, invocation: Invocation, responder: Responder) -> asyncio.Task[None] | None:
        """Run the command. Gives the run, None when there is none."""
        return self.dispatcher.invoked(invocation, responder)

    def event_skipped(self, event: str, problem: str) -> None:
        """Log an event that could not be understood."""
        self._status.log("event_skipped", f"An event of the kind {event} made no sense.", level=Level.WARNING)
        self._status.log_error("event_malformed", problem, place=event)

    async def _reshard(self, recommended: int) -> None:
        await self._parts.bridge.write(
            bot_service.set_shard_count, self._lease.bot_id, self._wanted.generation, recommended
        )
        raise ShardCountChangedError(recommended=recommended, current=self._wanted.shard_count)

    def _run_failed(self, invocation: Invocation, error: Exception) -> None:
        detail = "".join(traceback.format_exception(error))
        self._status.log_error(
            "run_broke",
            f"{type(error).__name__}: {error}",
            place=f"/{invocation.command_name}",
            detail=detail,
        )

    def _run_dropped(self, invocation: Invocation) -> None:
        self._status.log(
            "invocation_dropped",
            f"/{invocation.command_name} went unanswered: too much at once.",
            level=Level.WARNING,
        )
