"""Topic `figures`: a nudge to fetch the figures again. It carries none: each viewer's differ."""

import threading
from collections.abc import Mapping
from typing import Any, Final

from socialcube.domain.access.policy import can_anywhere
from socialcube.domain.access.types import Permission
from socialcube.web.realtime.feeds import UnseenTopicError
from socialcube.web.realtime.messages import FIGURES
from socialcube.web.realtime.sender import Sender
from socialcube.web.realtime.viewers import Viewer

EVERY_SECONDS: Final = 10.0
GAP_SECONDS: Final = 1.0


class FiguresFeed:
    """Nudges at most once a second while something happens, and every ten seconds anyway."""

    def __init__(self, sender: Sender) -> None:
        self._sender = sender
        self._watches: set[tuple[str, str]] = set()
        self._lock = threading.Lock()

    def join(self, viewer: Viewer, watch: str, subject: str, options: Mapping[str, Any]) -> dict[str, Any]:
        """Join, as the protocol says."""
        del subject, options
        if not can_anywhere(viewer.actor, Permission.BOT_VIEW):
            raise UnseenTopicError
        with self._lock:
            self._watches.add((viewer.sid, watch))
        return {}

    def leave(self, sid: str, watch: str) -> None:
        """Leave, as the protocol says."""
        with self._lock:
            self._watches.discard((sid, watch))

    def step(self) -> bool:
        """Nudge everybody who watches."""
        with self._lock:
            self._sender.send({sid for sid, _ in self._watches}, FIGURES, "{}")
        return False
