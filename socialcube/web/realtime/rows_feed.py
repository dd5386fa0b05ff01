"""Topics `rows:<stream>`: new rows of a log."""

from collections.abc import Mapping
from typing import Any

from socialcube.domain.logs.types import Stream
from socialcube.web.realtime.feeds import UnknownTopicError, UnseenTopicError
from socialcube.web.realtime.filters import parse_filter
from socialcube.web.realtime.rooms import RoomKey
from socialcube.web.realtime.sights import find_sight
from socialcube.web.realtime.tailer import Tailer
from socialcube.web.realtime.viewers import Viewer


class RowsFeed:
    """Puts viewers into the rooms of the tailers."""

    def __init__(self, tailers: Mapping[Stream, Tailer]) -> None:
        self._tailers = tailers

    def join(self, viewer: Viewer, watch: str, subject: str, options: Mapping[str, Any]) -> dict[str, Any]:
        """Join, as the protocol says. Gives `room` and `from`: all with a greater id will come."""
        stream = _stream(subject)
        sight = find_sight(viewer.actor, stream)
        if sight is None:
            raise UnseenTopicError
        texts = {str(name): str(value) for name, value in options.items()}
        key = RoomKey(parse_filter(texts), sight)
        tag, cursor = self._tailers[stream].join(key, viewer.sid, watch)
        return {"room": tag, "from": cursor}

    def leave(self, sid: str, watch: str) -> None:
        """Leave, as the protocol says."""
        for tailer in self._tailers.values():
            tailer.leave(sid, watch)


def _stream(subject: str) -> Stream:
    try:
        return Stream(subject)
    except ValueError as error:
        raise UnknownTopicError from error
