"""Topics `rows:<stream>`: new rows of a log."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from socialcube.domain.logs.types import Stream
from socialcube.web.realtime.feeds import UnknownTopicError, UnseenTopicError
from socialcube.web.realtime.filters import parse_filter
from socialcube.web.realtime.rooms import RoomKey
from socialcube.web.realtime.sights import find_sight, narrow
from socialcube.web.realtime.tailer import Tailer
from socialcube.web.realtime.viewers import Viewer

FindChosen = Callable[[str], frozenset[UUID] | None]
"""Gives the bots that a key of the switch names: None for all of them, nothing where it names none."""


class RowsFeed:
    """Puts viewers into the rooms of the tailers.

    Args:
        tailers: one for each log.
        find_chosen: gives the bots that a page shows, by what its option `only` says.
    """

    def __init__(self, tailers: Mapping[Stream, Tailer], find_chosen: FindChosen) -> None:
        self._tailers = tailers
        self._find_chosen = find_chosen

    def join(self, viewer: Viewer, watch: str, subject: str, options: Mapping[str, Any]) -> dict[str, Any]:
        """Join, as the protocol says. Gives `room` and `from`: all with a greater id will come."""
        stream = _stream(subject)
        sight = find_sight(viewer.actor, stream)
        if sight is None:
            raise UnseenTopicError
        texts = {str(name): str(value) for name, value in options.items()}
        key = RoomKey(parse_filter(texts), narrow(stream, sight, self._find_chosen(texts.get("only", ""))))
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
