"""Notices for all bots of a runner what was published or set, where no hint told."""

import asyncio
import logging
from collections.abc import Callable, Collection, Iterable
from typing import Final, Protocol
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.orm import Session

from socialcube.domain.bots import queries as bots
from socialcube.domain.commands import queries as commands
from socialcube.domain.guilds import queries as guilds
from socialcube.domain.placements.types import Lease
from socialcube.fleet.bridge import Bridge
from socialcube.kernel.errors import UnavailableError

_LOOK_SECONDS: Final = 20.0

Mark = tuple[object, ...]

_log = logging.getLogger(__name__)


class WatchedBot(Protocol):
    """A shard of a bot, as far as this looks at it."""

    lease: Lease

    def commands_changed(self) -> None:
        """Read what is published and set again."""
        ...


class CommandWatch:
    """Asks once for all bots what each of them would otherwise ask for itself.

    Args:
        bridge: to the database.
        watched: gives the shards that run here now.
    """

    def __init__(self, bridge: Bridge, watched: Callable[[], Iterable[WatchedBot]]) -> None:
        self._bridge = bridge
        self._watched = watched
        self._seen: dict[Lease, Mark] = {}

    async def watch_for_ever(self) -> None:
        """Look until cancelled. While the database is away the bots answer from what they have."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            try:
                await self.look()
            except (SQLAlchemyError, UnavailableError) as error:
                _log.warning("Cannot look at what is published: %s", type(error).__name__)

    async def look(self) -> None:
        """Wake the bots for which something changed, and those seen for the first time.

        Nobody knows whether they read everything before or after the change that no hint told of.
        """
        watched = list(self._watched())
        marks = await self._bridge.read(_read_marks, {bot.lease.bot_id for bot in watched})
        before, self._seen = self._seen, {}
        for bot in watched:
            mark = self._seen[bot.lease] = marks[bot.lease.bot_id]
            if before.get(bot.lease) != mark:
                bot.commands_changed()


def _read_marks(session: Session, bot_ids: Collection[UUID]) -> dict[UUID, Mark]:
    """Read what changes with anything that the commands of these bots read."""
    names = bots.list_names(session, bot_ids)
    live = commands.list_marks(session, bot_ids)
    settings = guilds.list_setting_marks(session, bot_ids)
    return {bot_id: (names.get(bot_id), live.get(bot_id), settings.get(bot_id)) for bot_id in bot_ids}
