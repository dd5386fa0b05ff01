"""Where a page's wishes meet the feeds. Knows neither Flask nor sockets."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from socialcube.kernel.errors import ConflictError
from socialcube.web.realtime.feeds import Feed, UnknownTopicError
from socialcube.web.realtime.messages import AGAIN, to_json
from socialcube.web.realtime.sender import Sender
from socialcube.web.realtime.viewers import Viewer, Viewers

MAX_WATCHES: Final = 16
MAX_PAGES: Final = 20
_MAX_NAME: Final = 64


class TooManyWatchesError(ConflictError):
    """This page watches too much at once."""

    code = "too_many_watches"


class Hub:
    """Lets viewers in, out, and into feeds.

    Args:
        feeds: by the first word of their topics.
        sender: reaches the sockets of this process.
        disconnect: ends a socket without waiting for it.
    """

    def __init__(
        self, feeds: Mapping[str, Feed], sender: Sender, *, disconnect: Callable[[str], None]
    ) -> None:
        self.viewers = Viewers()
        self._feeds = feeds
        self._sender = sender
        self._disconnect = disconnect

    def enter(self, viewer: Viewer) -> bool:
        """Let a viewer in, unless the same browser has too many pages open here."""
        if self.viewers.count_of(viewer.session_id) >= MAX_PAGES:
            return False
        self.viewers.add(viewer)
        return True

    def leave(self, sid: str) -> None:
        """Forget a viewer and all that it watched."""
        viewer = self.viewers.remove(sid)
        if viewer is not None:
            self._leave_feeds(viewer)

    def watch(self, sid: str, watch: str, topic: str, options: Mapping[str, Any]) -> dict[str, Any]:
        """Let a viewer watch a topic, in place of what it watched under that name.

        Raises:
            UnknownTopicError: there is no such topic, or no such viewer any more.
            TooManyWatchesError: it watches enough.
            UnseenTopicError, InvalidInputError: as the feeds say.
        """
        viewer = self.viewers.find(sid)
        name, _, subject = topic.partition(":")
        if viewer is None or name not in self._feeds or not 0 < len(watch) <= _MAX_NAME:
            raise UnknownTopicError
        self.unwatch(sid, watch)
        if len(viewer.watches) >= MAX_WATCHES:
            raise TooManyWatchesError
        began = self._feeds[name].join(viewer, watch, subject, options)
        viewer.watches[watch] = topic
        self._follow(viewer)
        return began

    def unwatch(self, sid: str, watch: str) -> None:
        """End what a viewer watches under a name."""
        viewer = self.viewers.find(sid)
        topic = viewer.watches.pop(watch, None) if viewer else None
        if topic is not None:
            self._feeds[topic.partition(":")[0]].leave(sid, watch)

    def expel(self, viewer: Viewer) -> None:
        """Let a viewer see nothing more from now on, then end the socket."""
        self.leave(viewer.sid)
        self._disconnect(viewer.sid)

    def renew(self, viewer: Viewer) -> None:
        """Take a viewer out of everything and let the page ask anew, under today's rights."""
        watches = list(viewer.watches)
        self._leave_feeds(viewer)
        for watch in watches:
            self._sender.tell(viewer.sid, AGAIN, to_json({"watch": watch}))

    def _follow(self, viewer: Viewer) -> None:
        """Undo what was joined for a viewer who left, or whose rights changed, while the feed was reading."""
        now = self.viewers.find(viewer.sid)
        if now is None:
            self._leave_feeds(viewer)
        elif now is not viewer:
            # The gate renewed it before this watch was noted, and sees no difference from then on.
            self.renew(now)

    def _leave_feeds(self, viewer: Viewer) -> None:
        for watch, topic in list(viewer.watches.items()):
            viewer.watches.pop(watch, None)
            self._feeds[topic.partition(":")[0]].leave(viewer.sid, watch)
