"""Reads what lies before a cursor, as the rooms would have shown it."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy.orm import Session

from socialcube.domain.logs import queries as logs
from socialcube.domain.logs.documents import LogFilter
from socialcube.domain.logs.types import LogRow, Stream
from socialcube.web.realtime.rooms import RoomKey

PAGE_ROWS: Final = 500
SEARCHED_ROWS: Final = 5_000
"""How far back the newest rows are looked for. The log's own page searches further."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """A part of a stream.

    Attributes:
        rows: those that are seen, the oldest first.
        to: everything up to this id is in here, or in what lies before.
        has_more: whether rows behind `to` are committed already.
    """

    rows: list[LogRow]
    to: int
    has_more: bool


def read_since(session: Session, stream: Stream, since: int, key: RoomKey) -> Stretch:
    """Read what came after an id, one page of it."""
    # Looked up first: a row committed in between is beyond `to`, and so is fetched or sent later.
    latest = logs.latest_id(session, stream)
    rows = logs.list_since(session, stream, since, PAGE_ROWS, _coarse(key))
    has_more = len(rows) == PAGE_ROWS
    to = rows[-1].id if has_more else max([since, latest, *(row.id for row in rows[-1:])])
    return Stretch(_seen(rows, key), to, has_more)


def read_newest(session: Session, stream: Stream, limit: int, key: RoomKey) -> Stretch:
    """Read the newest rows, so many at most."""
    latest = logs.latest_id(session, stream)
    found: list[LogRow] = []
    before, searched, size = None, 0, limit
    while searched < SEARCHED_ROWS:
        rows = logs.list_before(session, stream, before, size, _coarse(key))
        found += _seen(rows, key)
        if len(found) >= limit or len(rows) < size:
            break
        # Little of the first page was wanted, so it takes larger ones.
        before, searched, size = rows[-1].id, searched + size, PAGE_ROWS
    found = found[:limit][::-1]
    return Stretch(found, max([latest, *(row.id for row in found[-1:])]), has_more=False)


def _coarse(key: RoomKey) -> LogFilter:
    """Give what the database can leave out already; `_seen` leaves out the rest."""
    return key.filters.log.model_copy(update={"bot_ids": key.sight.bot_ids(key.filters.log.bot_ids)})


def _seen(rows: Iterable[LogRow], key: RoomKey) -> list[LogRow]:
    return [row for row in rows if key.allows(row.record)]
