"""Keeps one bot's refused calls from shutting out all bots behind the same address."""

import asyncio
import logging
from collections.abc import Callable, Iterable
from typing import Final

from sqlalchemy.exc import SQLAlchemyError

from socialcube.adapters.invalid_answers import InvalidAnswers
from socialcube.domain.placements import service
from socialcube.domain.placements.errors import QuarantinedError
from socialcube.domain.placements.policy import find_culprits
from socialcube.fleet.bridge import Bridge
from socialcube.fleet.client import BotClient
from socialcube.kernel.errors import UnavailableError

_REPORT_SECONDS: Final = 5.0

_log = logging.getLogger(__name__)


class AddressWatch:
    """Tells the other runners of this address what ours was refused, and stops whoever causes too much.

    Args:
        bridge: to the database.
        address: which the platform sees, as all runners behind it name it.
        counted: what this runner's calls were answered.
        clients: gives the bots of this runner, as they are at the moment of asking.
    """

    def __init__(
        self,
        bridge: Bridge,
        address: str,
        counted: InvalidAnswers,
        clients: Callable[[], Iterable[BotClient]],
    ) -> None:
        self._bridge = bridge
        self._address = address
        self._counted = counted
        self._clients = clients

    async def watch_for_ever(self) -> None:
        """Look every few seconds. While the database is away, each runner goes by its own count."""
        while True:
            await asyncio.sleep(_REPORT_SECONDS)
            try:
                await self.look()
            except (SQLAlchemyError, UnavailableError) as error:
                _log.warning("Cannot share what was refused: %s", type(error).__name__)

    async def look(self) -> None:
        """Tell, learn, and stop the bots that cause too much."""
        told = self._counted.take()
        try:
            counts = await self._bridge.write(service.report_invalid_answers, self._address, told)
        except BaseException:
            self._counted.put_back(told)
            raise
        self._counted.learn(sum(counts.values()))
        # One that was started again stays, unless it goes on with it: the old answers count for minutes.
        culprits = set(find_culprits(counts)) & told.keys()
        ours = {client.bot_id: client for client in self._clients()}
        for bot_id in culprits & ours.keys():
            await ours[bot_id].quarantine(QuarantinedError(count=counts[bot_id]))
