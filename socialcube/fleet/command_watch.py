"""Notices for all bots of a runner what was published or set, where no hint told."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from typing import Final, Protocol
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from socialcube.domain.commands import queries
from socialcube.domain.placements.types import Lease
from socialcube.fleet.bridge import Bridge
from socialcube.kernel.errors import UnavailableError

_LOOK_SECONDS: Final = 20.0

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
        runner_id: this process.
        bots: gives the shards that run here now.
    """

    def __init__(self, bridge: Bridge, runner_id: UUID, bots: Callable[[], Iterable[WatchedBot]]) -> None:
        self._bridge = bridge
        self._runner_id = runner_id
        self._bots = bots
        self._seen: dict[Lease, queries.Mark] = {}

    async def watch_for_ever(self) -> None:
        """Look until cancelled. While the database is away the bots answer from what they have."""
        while True:
            await asyncio.sleep(_LOOK_SECONDS)
            try:
                await self.look()
            except (SQLAlchemyError, UnavailableError) as error:
                _log.warning("Cannot look at what is published: %s", type(error).__name__)

    async def look(self) -> None:
        """Wake the bots for which something changed. One that is new here has read everything just now."""
        marks = await self._bridge.read(queries.list_marks, self._runner_id)
        before, self._seen = self._seen, {}
        for bot in list(self._bots()):
            mark = marks.get(bot.lease.bot_id)
            if mark is None:
                continue
            self._seen[bot.lease] = mark
            if before.get(bot.lease, mark) != mark:
                bot.commands_changed()
