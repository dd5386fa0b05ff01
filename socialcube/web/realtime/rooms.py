"""Who listens to what of one stream. Those who may and want to see the same share a room and its work."""

import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Final

from socialcube.domain.logs.types import LogRecord
from socialcube.web.realtime.filters import LiveFilter
from socialcube.web.realtime.sights import Sight

_numbers: Final = itertools.count(1)


@dataclass(frozen=True, slots=True)
class RoomKey:
    """What is seen in a room."""

    filters: LiveFilter
    sight: Sight

    def allows(self, record: LogRecord) -> bool:
        """Tell whether a row belongs here. What may be seen is asked first."""
        return self.sight.allows(record) and self.filters.allows(record)


@dataclass(slots=True)
class Room:
    """One group of listeners.

    Attributes:
        tag: how messages name it; sockets learn it when they join.
        members: pairs of socket and the socket's own name for what it watches.
        sent_at: when it last heard anything, on the monotonic clock.
    """

    key: RoomKey
    tag: str = field(default_factory=lambda: f"r{next(_numbers)}")
    members: set[tuple[str, str]] = field(default_factory=set)
    sent_at: float = 0.0

    def sids(self) -> set[str]:
        """Give its sockets, each once."""
        return {sid for sid, _ in self.members}


class Rooms:
    """The rooms of one stream. An empty one is torn down."""

    def __init__(self) -> None:
        self._rooms: dict[RoomKey, Room] = {}

    def join(self, key: RoomKey, sid: str, watch: str) -> Room:
        """Let a socket into the room of a key."""
        room = self._rooms.setdefault(key, Room(key))
        room.members.add((sid, watch))
        return room

    def leave(self, sid: str, watch: str) -> None:
        """Let a socket out of wherever it watches under that name."""
        for room in list(self._rooms.values()):
            room.members.discard((sid, watch))
            if not room.members:
                del self._rooms[room.key]

    def __iter__(self) -> Iterator[Room]:
        return iter(list(self._rooms.values()))

    def __bool__(self) -> bool:
        return bool(self._rooms)
