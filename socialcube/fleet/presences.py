"""Lets each bot of this runner show what its owner wants, without a new start."""

import asyncio
import logging
from collections import deque
from collections.abc import Callable, Iterable
from typing import Final
from weakref import WeakKeyDictionary

from sqlalchemy.exc import SQLAlchemyError

from socialcube.adapters.base import BotAdapter
from socialcube.domain.bots import queries as bots
from socialcube.domain.bots.types import Presence
from socialcube.fleet.bridge import Bridge
from socialcube.fleet.client import BotClient
from socialcube.kernel.clock import Clock
from socialcube.kernel.errors import SocialCubeError, UnavailableError

_LOOK_SECONDS: Final = 30.0
_SOON_SECONDS: Final = 4.0
_AT_MOST: Final = 5
_WINDOW_SECONDS: Final = 20.0

_log = logging.getLogger(__name__)


class Presences:
    """Compares what bots show with what is stored, on hints and on a timer: a hint may be lost.

    Discord takes five changes of a connection in twenty seconds (Gateway, "Rate Limiting"); what is wanted
    last is shown once there is room.

    Args:
        bridge: to the database.
        clients: gives the bots of this runner, as they are at the moment of asking.
        clock: measures the window.
    """

    def __init__(self, bridge: Bridge, clients: Callable[[], Iterable[BotClient]], clock: Clock) -> None:
        self._bridge = bridge
        self._clients = clients
        self._clock = clock
        self._sent: WeakKeyDictionary[BotAdapter, deque[float]] = WeakKeyDictionary()
        self._wake = asyncio.Event()

    def wake(self) -> None:
        """Look at once."""
        self._wake.set()

    async def keep_for_ever(self) -> None:
        """Look on hints and on a timer. It never ends by itself."""
        while True:
            pause = await self._look_safely()
            try:
                await asyncio.wait_for(self._wake.wait(), pause)
            except TimeoutError:
                continue
            self._wake.clear()

    async def look(self) -> bool:
        """Show what is wanted where it differs. Gives whether a bot must wait for its turn."""
        online = [(client.bot_id, client.platform) for client in self._clients() if client.is_connected]
        if not online:
            return False
        wanted = await self._bridge.read(bots.list_presences, {bot_id for bot_id, _ in online})
        done = [await self._show(platform, wanted[bot_id]) for bot_id, platform in online if bot_id in wanted]
        return not all(done)

    async def _look_safely(self) -> float:
        """Look, and give the seconds until the next time."""
        try:
            return _SOON_SECONDS if await self.look() else _LOOK_SECONDS
        except (SQLAlchemyError, UnavailableError) as error:
            _log.warning("Cannot look at presences: %s", type(error).__name__)
            return _LOOK_SECONDS

    async def _show(self, platform: BotAdapter, presence: Presence) -> bool:
        """Give whether the bot shows it now, or will with its next connection."""
        if platform.presence == presence:
            return True
        sent, now = self._sent.setdefault(platform, deque(maxlen=_AT_MOST)), self._clock.monotonic()
        if len(sent) == _AT_MOST and now - sent[0] < _WINDOW_SECONDS:
            return False
        sent.append(now)
        try:
            await platform.set_presence(presence)
        except (SocialCubeError, ConnectionError) as error:
            _log.info("A presence could not be shown: %s", error)
        return True
