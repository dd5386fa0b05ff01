"""The far ends of the live channel, kept inside of the test."""

import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from sqlalchemy.exc import OperationalError

from socialcube.domain.access.types import Actor
from socialcube.domain.logs.types import LogRecord, LogRow
from socialcube.kernel.ids import new_id
from socialcube.web.realtime.gate import Standing
from socialcube.web.realtime.viewers import Viewer


@dataclass
class FakeSender:
    """Keeps what sockets would get.

    Attributes:
        sent: triples of socket, event and data, in order.
        slow: sockets for which too much waits.
    """

    sent: list[tuple[str, str, Any]] = field(default_factory=list)
    slow: set[str] = field(default_factory=set)

    def send(self, sids: Iterable[str], event: str, data: str) -> set[str]:
        sids = set(sids)
        for sid in sorted(sids - self.slow):
            self.tell(sid, event, data)
        return sids & self.slow

    def tell(self, sid: str, event: str, data: str) -> None:
        self.sent.append((sid, event, json.loads(data)))

    def heard_by(self, sid: str, event: str) -> list[Any]:
        """Give what one socket heard of one kind."""
        return [data for to, kind, data in self.sent if (to, kind) == (sid, event)]


@dataclass
class FakeRows:
    """A stream in memory.

    Attributes:
        is_away: whether the database answers nothing.
        reads: how often rows were asked for.
    """

    rows: list[LogRow] = field(default_factory=list)
    is_away: bool = False
    reads: int = 0

    def commit(self, *records: LogRecord) -> None:
        """Add rows with the next ids."""
        for record in records:
            self.rows.append(LogRow(len(self.rows) + 1, record))

    def latest_id(self) -> int:
        return self.rows[-1].id if self.rows else 0

    def list_since(self, since_id: int, limit: int) -> list[LogRow]:
        self.reads += 1
        if self.is_away:
            raise OperationalError("SELECT", {}, Exception("gone"))
        return [row for row in self.rows if row.id > since_id][:limit]


@dataclass
class FakeStandings:
    """How people stand, as the test says it."""

    standings: dict[UUID, Standing] = field(default_factory=dict)

    def find(self, user_ids: frozenset[UUID]) -> dict[UUID, Standing]:
        return {user_id: self.standings[user_id] for user_id in user_ids}


def make_viewer(sid: str, actor: Actor, *, session_id: UUID | None = None) -> Viewer:
    """Make a connected page."""
    return Viewer(sid=sid, session_id=session_id or new_id(), user_id=new_id(), actor=actor)
