"""One life of a shard: from what it begins with until its connection is given up."""

import asyncio
import contextlib
from collections.abc import Coroutine
from functools import partial
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from socialcube.adapters.base import Launch
from socialcube.domain.bots import service as bot_service
from socialcube.domain.bots.types import WantedBot
from socialcube.domain.guilds.types import GuildSnapshot
from socialcube.domain.placements.types import Lease
from socialcube.fleet.beginnings import Beginning
from socialcube.fleet.bot_commands import BotCommands
from socialcube.fleet.events import BotHandlers
from socialcube.fleet.guild_sync import GuildSync
from socialcube.fleet.parts import FleetParts
from socialcube.fleet.sessions import KeptSession
from socialcube.fleet.status import BotStatus
from socialcube.kernel.errors import UnavailableError

_STOP_SECONDS: Final = 4.0
_PATIENCE_SECONDS: Final = 3.0
"""For so long commands wait at most where a session goes on: most of them are not used just then."""


class BotLife:
    """Everything that lives and ends with one adapter. A crash ends it, and the next one begins afresh.

    Args:
        lease: under which the shard runs.
        wanted: the wish that it fulfils.
        parts: shared by all bots.
        status: the bot's state and log.
        beginning: what is known before it connects.
        came_up: set at its first session.

    Attributes:
        adapter: the way to the platform.
        commands: what is published, in memory and at the platform.
        guilds: brings its servers into the database.

    Raises:
        TokenUnreadableError: its token cannot be opened here.
    """

    def __init__(  # noqa: PLR0913, PLR0917 - all that a life is made of, each once
        self,
        lease: Lease,
        wanted: WantedBot,
        parts: FleetParts,
        status: BotStatus,
        beginning: Beginning,
        came_up: asyncio.Event,
    ) -> None:
        self._lease = lease
        self._parts = parts
        self._came_up = came_up
        self._beginning = beginning
        self._launch = self._open(wanted.shard_count)
        self.commands = BotCommands(lease, beginning.bot, parts, status)
        self.guilds = GuildSync(
            lease,
            parts.runner_id,
            parts.bridge,
            self._describe_guild,
            self._fetch_guild,
            status.log_guilds,
            wanted.shard_count,
            clock=parts.clock,
            look=lambda: self.adapter.session,
        )
        self._handlers = BotHandlers(
            lease,
            wanted,
            parts,
            status,
            self.guilds,
            self.commands.run_command,
            came_up,
            frozenset(beginning.guilds),
        )
        self.adapter = parts.make_adapter(self._launch, self._handlers)
        self.commands.tell_failures_with(self.adapter.post)

    async def run(self) -> None:
        """Connect and stay connected until `leave`.

        Raises:
            Exception: whatever ends the adapter, or a helper without which the bot would miss something.
        """
        await self._note_token()
        self._keep_session()
        helpers = [
            asyncio.create_task(self.guilds.run(), name=f"guilds of {self._lease.bot_id}"),
            asyncio.create_task(self._follow_commands(), name=f"commands of {self._lease.bot_id}"),
        ]
        try:
            await _first_to_end(self.adapter.run(), helpers)
        finally:
            await self.leave(hand_over=True)

    async def leave(self, *, hand_over: bool) -> None:
        """Leave the platform; `hand_over` keeps the session for whoever goes on with it."""
        with contextlib.suppress(Exception):
            await asyncio.wait_for(self.adapter.stop(hand_over=hand_over), _STOP_SECONDS)

    async def drain(self, seconds: float) -> None:
        """Take no more uses of commands, and let those that run finish for so long."""
        await self._handlers.dispatcher.drain(seconds)

    async def settle(self) -> None:
        """Leave the session to whoever goes on with it, with all stored that its events said."""
        sessions = self._parts.sessions
        try:
            if self._parts.placements.vouches(self._lease):
                # Servers that cannot be stored leave the session as far as they could.
                for step in (self.guilds.flush, partial(sessions.settle, self._lease)):
                    with contextlib.suppress(Exception):
                        await asyncio.wait_for(step(), _STOP_SECONDS / 2)
        finally:
            # Kept any longer, the session would be stored again and again while its next owner uses it.
            sessions.drop(self._lease)

    def _keep_session(self) -> None:
        self._parts.sessions.keep(
            KeptSession(
                self._lease,
                self._beginning.terms,
                look=lambda: self.adapter.session,
                settled=lambda: self.guilds.settled,
            )
        )

    def _follow_commands(self) -> Coroutine[object, object, None]:
        """Keep the commands current; only the first shard speaks for the bot at the platform."""
        patience = _PATIENCE_SECONDS if self._beginning.session else 0.0
        if self._lease.shard == 0:
            return self.commands.run(self.adapter.commands, self._came_up, patience=patience)
        return self.commands.follow(self._came_up, patience=patience)

    def _describe_guild(self, external_id: int) -> GuildSnapshot | None:
        return self.adapter.describe_guild(external_id)

    async def _fetch_guild(self, external_id: int) -> GuildSnapshot | None:
        return await self.adapter.fetch_guild(external_id)

    def _open(self, shard_count: int) -> Launch:
        bot = self._beginning.bot
        token = self._parts.opener.open(
            bot.sealed_token, table="bots", column="sealed_token", row_id=bot.bot_id
        )
        return Launch(
            bot.bot_id,
            bot.external_id,
            token,
            bot.intents,
            shard=self._lease.shard,
            shard_count=shard_count,
            session=self._beginning.session,
            guilds=self._beginning.guilds,
            presence=bot.presence,
        )

    async def _note_token(self) -> None:
        bot = self._beginning.bot
        if bot.has_fingerprint:
            return
        # A bot starts without it, too: the next start tries again.
        with contextlib.suppress(SQLAlchemyError, UnavailableError):
            await self._parts.bridge.write(
                bot_service.note_token, bot.bot_id, bot.sealed_token, self._launch.token
            )


async def _first_to_end(main: Coroutine[object, object, None], helpers: list[asyncio.Task[None]]) -> None:
    """Wait for the adapter. A helper that breaks ends the bot's life too, instead of silently missing."""
    tasks = [asyncio.create_task(main, name="adapter"), *helpers]
    try:
        done, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
