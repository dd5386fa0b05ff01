"""Topic `bots`: how the bots are, for whoever may see them."""

import threading
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from socialcube.domain.access.policy import scope
from socialcube.domain.access.types import Permission, Scope
from socialcube.web.realtime.feeds import UnseenTopicError
from socialcube.web.realtime.messages import BOTS, to_json
from socialcube.web.realtime.sender import Sender
from socialcube.web.realtime.viewers import Viewer

EVERY_SECONDS: Final = 3.0
GAP_SECONDS: Final = 0.3

Snapshot = Mapping[UUID, dict[str, Any]]


class BotsFeed:
    """Reads all bots when one may have changed, and sends those that look different.

    Args:
        read: gives how each bot is now, as JSON, by its key.
        sender: reaches the sockets of this process.
    """

    def __init__(self, read: Callable[[], Snapshot], sender: Sender) -> None:
        self._read = read
        self._sender = sender
        self._watches: dict[tuple[str, str], Scope] = {}
        self._last: Snapshot = {}
        self._lock = threading.Lock()

    def join(self, viewer: Viewer, watch: str, subject: str, options: Mapping[str, Any]) -> dict[str, Any]:
        """Join, as the protocol says. Gives `bots`, all as they are now."""
        del subject, options
        seen = scope(viewer.actor, Permission.BOT_VIEW)
        if not seen:
            raise UnseenTopicError
        with self._lock:
            self._send_changes()
            self._watches[viewer.sid, watch] = seen
            return {"bots": [bot for bot_id, bot in self._last.items() if seen.allows(bot_id)]}

    def leave(self, sid: str, watch: str) -> None:
        """Leave, as the protocol says."""
        with self._lock:
            self._watches.pop((sid, watch), None)

    def step(self) -> bool:
        """Look at all bots once, if anybody watches."""
        with self._lock:
            if self._watches:
                self._send_changes()
        return False

    def _send_changes(self) -> None:
        before, self._last = self._last, self._read()
        changed = {bot_id: bot for bot_id, bot in self._last.items() if before.get(bot_id) != bot}
        gone = {bot_id: {"bot_id": str(bot_id), "gone": True} for bot_id in before.keys() - self._last.keys()}
        for seen in set(self._watches.values()):
            news = [bot for bot_id, bot in {**changed, **gone}.items() if seen.allows(bot_id)]
            if news:
                # What is left out for a slow page comes whole when the page watches again.
                self._sender.send(self._sids(seen), BOTS, to_json({"bots": news}))

    def _sids(self, seen: Scope) -> Iterable[str]:
        return {sid for (sid, _), scope_ in self._watches.items() if scope_ == seen}
