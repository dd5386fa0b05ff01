"""Reads in commit order, for those who follow a stream. Lists for people go by time: see `pages`."""

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from socialcube.domain.logs.documents import ANYTHING, LogFilter
from socialcube.domain.logs.models import TABLES
from socialcube.domain.logs.queries.conditions import select_rows, to_log_rows
from socialcube.domain.logs.types import LogRow, Stream


def list_since(
    session: Session, stream: Stream, since_id: int, limit: int = 100, filters: LogFilter = ANYTHING
) -> list[LogRow]:
    """Give committed rows with greater ids, in commit order. Following so misses nothing."""
    table = TABLES[stream]
    query = select_rows(stream, filters).where(table.c.id > since_id).order_by(table.c.id).limit(limit)
    return to_log_rows(stream, session.execute(query))


def list_before(
    session: Session, stream: Stream, before_id: int | None, limit: int = 100, filters: LogFilter = ANYTHING
) -> list[LogRow]:
    """Give rows with smaller ids, the newest first; None starts at the end."""
    table = TABLES[stream]
    query = select_rows(stream, filters).order_by(table.c.id.desc()).limit(limit)
    if before_id is not None:
        query = query.where(table.c.id < before_id)
    return to_log_rows(stream, session.execute(query))


def latest_id(session: Session, stream: Stream) -> int:
    """Give the highest committed id, 0 when there are no rows. Follow from here to see what is new."""
    return session.scalar(select(func.max(TABLES[stream].c.id))) or 0
