"""Reads of what chains the rows."""

from dataclasses import fields
from typing import Final, cast
from uuid import UUID

from sqlalchemy import select, tuple_
from sqlalchemy.orm import Session

from socialcube.domain.audit.models import AuditLog, AuditPoint
from socialcube.domain.audit.policy import name_chain
from socialcube.domain.audit.types import HEAD, START, ChainedRow, Point

PAGE_ROWS: Final = 2000
Place = tuple[int, UUID]

_POINT: Final = tuple(getattr(AuditPoint, field.name) for field in fields(Point))
# The table's columns rather than the class's attributes: a walk reads a million rows, and no objects.
_ROW: Final = tuple(AuditLog.__table__.columns)


def find_points(session: Session, *kinds: str) -> list[Point]:
    """Give the points of these kinds, in the order of their numbers."""
    found = select(*_POINT).where(AuditPoint.kind.in_(kinds)).order_by(AuditPoint.first)
    return [Point(*row) for row in session.execute(found)]


def find_head(session: Session) -> Point | None:
    """Give the newest place of the chain, None before anything was recorded."""
    return next(iter(find_points(session, HEAD)), None)


def name_of_chain(session: Session) -> str:
    """Give the name of the chain, empty before it began."""
    start = next(iter(find_points(session, START)), None)
    return name_chain(start.digest) if start else ""


def list_rows(session: Session, after: Place | None, limit: int = PAGE_ROWS) -> list[ChainedRow]:
    """Give the next rows with all that a walk checks, in the order of their ids.

    Args:
        session: an open read.
        after: id and event id of the last row that was read, None for the first page. Ids that somebody
            doubled keep their rows apart so.
        limit: rows at most.
    """
    columns = AuditLog.__table__.c
    query = select(*_ROW).order_by(columns.id, columns.event_id).limit(limit)
    if after is not None:
        # The first condition is what an index helps with, the second says exactly where to go on.
        query = query.where(columns.id >= after[0], tuple_(columns.id, columns.event_id) > after)
    return cast("list[ChainedRow]", session.execute(query).all())
