"""Lists for people: by time, the newest first, with a place to go on from instead of a page number."""

from collections.abc import Collection
from typing import Any, Final

from sqlalchemy import Select, Table, literal, tuple_
from sqlalchemy.orm import Session

from socialcube.db.types import UTCDateTime
from socialcube.domain.logs.documents import ANYTHING, LogFilter
from socialcube.domain.logs.models import TABLES
from socialcube.domain.logs.queries.conditions import select_rows, to_log_rows
from socialcube.domain.logs.queries.windows import PATIENCE_SECONDS, walk_back, walk_on
from socialcube.domain.logs.types import LogRow, Page, Place, Stream
from socialcube.kernel.clock import Clock, SystemClock

_CLOCK: Final = SystemClock()


def list_page(  # noqa: PLR0913 - each part of the question has its own name
    session: Session,
    stream: Stream,
    before: Place | None = None,
    limit: int = 50,
    filters: LogFilter = ANYTHING,
    *,
    clock: Clock = _CLOCK,
    patience: float | None = PATIENCE_SECONDS,
    without: Collection[str] = (),
) -> Page:
    """List rows from a place backwards, or from the newest one.

    Rows that come late stand at their own time, so a walk from place to place meets each row once. When
    little matches, the search stops after `patience` seconds; `page.older` then says how far it came. What
    is named in `without` is not read, and stands in each record as if nothing had been stored.
    """
    table = TABLES[stream]
    rows_of = select_rows(stream, filters, without)
    statement = rows_of.order_by(table.c.occurred_at.desc(), table.c.id.desc())
    if before is not None:
        statement = statement.where(
            table.c.occurred_at <= before.occurred_at, _position(table) < _key(before)
        )
    begin = min(moment for moment in (before and before.occurred_at, filters.before, clock.now()) if moment)
    rows: list[LogRow] = []
    reached = None
    for window in walk_back(begin, filters.after, clock, patience):
        rows += _read(session, stream, window.limit(statement, table).limit(limit + 1 - len(rows)))
        reached = window.start
        if len(rows) > limit:
            return _page(rows[:limit], older=Place.of(rows[limit - 1]))
    is_end = reached is None or (filters.after is not None and reached <= filters.after)
    return _page(rows, older=None if is_end or reached is None else Place(reached, 0))


def list_newer(  # noqa: PLR0913 - each part of the question has its own name
    session: Session,
    stream: Stream,
    after: Place,
    limit: int = 50,
    filters: LogFilter = ANYTHING,
    *,
    clock: Clock = _CLOCK,
) -> Page:
    """List the rows that follow a place, also with the newest first, for a way back through pages.

    `page.older` is where the page itself ends; it is never None, since one came from there.
    """
    table = TABLES[stream]
    statement = select_rows(stream, filters).order_by(table.c.occurred_at, table.c.id)
    statement = statement.where(table.c.occurred_at >= after.occurred_at, _position(table) > _key(after))
    rows: list[LogRow] = []
    for window in walk_on(after.occurred_at, clock, None):
        rows += _read(session, stream, window.limit(statement, table).limit(limit - len(rows)))
        if len(rows) == limit:
            break
    rows.reverse()
    return _page(rows, older=Place.of(rows[-1]) if rows else after)


def _page(rows: list[LogRow], older: Place | None) -> Page:
    return Page(tuple(rows), older, Place.of(rows[0]) if rows else None)


def _read(session: Session, stream: Stream, statement: Select[Any]) -> list[LogRow]:
    return to_log_rows(stream, session.execute(statement))


def _position(table: Table) -> Any:
    return tuple_(table.c.occurred_at, table.c.id)


def _key(place: Place) -> Any:
    return tuple_(literal(place.occurred_at, UTCDateTime()), literal(place.id))
