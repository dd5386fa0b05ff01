"""Follows one stream for the sockets of this process."""

import threading
from collections.abc import Callable
from typing import Any, Final
from uuid import UUID

from sqlalchemy.exc import SQLAlchemyError

from socialcube.domain.logs.types import LogRow, Stream
from socialcube.kernel.clock import Clock
from socialcube.web.realtime.lines import to_line
from socialcube.web.realtime.messages import AGAIN, LATE, ROWS, to_json
from socialcube.web.realtime.rooms import Room, RoomKey, Rooms
from socialcube.web.realtime.sender import Sender
from socialcube.web.realtime.source import RowSource

BATCH_ROWS: Final = 100
PROGRESS_SECONDS: Final = 5.0
"""How often a room in which nothing is to be seen hears how far the stream is."""


class Tailer:
    """Reads what was committed behind its cursor and hands it to the rooms.

    Everything up to the cursor was handed out, nothing behind it was: whoever joins is told the cursor,
    fetches what lies before it over HTTP, and misses nothing. Without listeners it reads nothing.

    Args:
        stream: which one it follows.
        source: gives the rows.
        sender: reaches the sockets of this process.
        name_of: gives the name of a bot.
        clock: tells how old a row is when it goes out.
    """

    def __init__(
        self,
        stream: Stream,
        source: RowSource,
        sender: Sender,
        *,
        name_of: Callable[[UUID | None], str],
        clock: Clock,
    ) -> None:
        self._stream = stream
        self._source = source
        self._sender = sender
        self._name_of = name_of
        self._clock = clock
        self._rooms = Rooms()
        self._cursor = 0
        self._well_at = clock.monotonic()
        # Joining must not fall between reading rows and handing them out.
        self._lock = threading.Lock()

    def join(self, key: RoomKey, sid: str, watch: str) -> tuple[str, int]:
        """Let a socket listen. Gives the room's tag and the id behind which it hears everything."""
        with self._lock:
            if not self._rooms:
                self._cursor = self._source.latest_id()
                self._well_at = self._clock.monotonic()
            return self._rooms.join(key, sid, watch).tag, self._cursor

    def leave(self, sid: str, watch: str) -> None:
        """Let a socket go."""
        with self._lock:
            self._rooms.leave(sid, watch)

    def step(self) -> bool:
        """Hand out the next batch. Tells whether more waits already."""
        with self._lock:
            if not self._rooms:
                return False
            try:
                rows = self._source.list_since(self._cursor, BATCH_ROWS)
                self._hand_out(rows)
            except SQLAlchemyError:
                self._say_late()
                return False
            self._well_at = self._clock.monotonic()
            return len(rows) == BATCH_ROWS

    def _hand_out(self, rows: list[LogRow]) -> None:
        if not rows:
            return
        lines: dict[int, dict[str, Any]] = {}
        texts: dict[tuple[int, ...], str] = {}
        age = (self._clock.now() - rows[-1].record.occurred_at).total_seconds()
        names = {id_: self._name_of(id_) for id_ in {getattr(row.record, "bot_id", None) for row in rows}}
        for room in self._rooms:
            seen = [row for row in rows if room.key.allows(row.record)]
            for row in seen:
                if row.id not in lines:
                    lines[row.id] = to_line(row, names[getattr(row.record, "bot_id", None)])
            # Rooms that see the same rows of a batch share its text: encoding takes longer than all the rest.
            ids = tuple(row.id for row in seen)
            if ids not in texts:
                texts[ids] = to_json([lines[id_] for id_ in ids])
            self._send(room, texts[ids], is_empty=not ids, to=rows[-1].id, age=age)
        self._cursor = rows[-1].id

    def _send(self, room: Room, lines: str, *, is_empty: bool, to: int, age: float) -> None:
        now = self._clock.monotonic()
        if is_empty and now - room.sent_at < PROGRESS_SECONDS:
            return
        room.sent_at = now
        message = (
            f'{{"room":"{room.tag}","stream":"{self._stream}","to":{to},'
            f'"delay":{max(age, 0.0):.3f},"sent":{self._clock.now().timestamp():.3f},"rows":{lines}}}'
        )
        slow = self._sender.send(room.sids(), ROWS, message)
        for sid, watch in [member for member in room.members if member[0] in slow]:
            self._rooms.leave(sid, watch)
            self._sender.tell(sid, AGAIN, to_json({"watch": watch}))

    def _say_late(self) -> None:
        seconds = round(self._clock.monotonic() - self._well_at, 1)
        for sid in {sid for room in self._rooms for sid in room.sids()}:
            self._sender.send([sid], LATE, to_json({"stream": self._stream, "seconds": seconds}))
