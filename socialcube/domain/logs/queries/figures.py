"""Reads of the figures. They are as fresh as the last fold, some ten seconds."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Table, func, select
from sqlalchemy.orm import Session

from socialcube.domain.access.types import Scope
from socialcube.domain.logs.models import COMMAND_HOURS, COUNTS, FIGURES, TABLES, FoldCursor
from socialcube.domain.logs.types import Figures, FoldLag, Grain, Stream


def sum_figures(session: Session, scope: Scope, grain: Grain, start: datetime, end: datetime) -> Figures:
    """Add up the stretches that begin from `start` on and before `end`."""
    table = FIGURES[grain]
    row = session.execute(select(*_sums(table)).where(*_within(table, scope, start, end))).one()
    return _to_figures(row)


def list_figures(
    session: Session, scope: Scope, grain: Grain, start: datetime, end: datetime
) -> dict[datetime, Figures]:
    """Give the figures of each stretch in which something happened, by its begin."""
    table = FIGURES[grain]
    statement = _grouped(table, table.c.starts_at).where(*_within(table, scope, start, end))
    return {row[0]: _to_figures(row[1:]) for row in session.execute(statement)}


def list_bot_figures(
    session: Session, scope: Scope, grain: Grain, start: datetime, end: datetime
) -> dict[UUID, dict[datetime, Figures]]:
    """Give the figures of each bot and stretch in which something happened."""
    table = FIGURES[grain]
    columns = (table.c.bot_id, table.c.starts_at, *(table.c[name] for name in COUNTS))
    found: dict[UUID, dict[datetime, Figures]] = {}
    for row in session.execute(select(*columns).where(*_within(table, scope, start, end))):
        found.setdefault(row[0], {})[row[1]] = _to_figures(row[2:])
    return found


def list_command_figures(
    session: Session, scope: Scope, start: datetime, end: datetime
) -> dict[tuple[UUID, str], Figures]:
    """Add up the hours of each command, by its bot and name."""
    table = COMMAND_HOURS
    statement = _grouped(table, table.c.bot_id, table.c.command_name)
    rows = session.execute(statement.where(*_within(table, scope, start, end)))
    return {(row[0], row[1]): _to_figures(row[2:]) for row in rows}


def sum_bot_figures(
    session: Session, scope: Scope, grain: Grain, start: datetime, end: datetime
) -> dict[UUID, Figures]:
    """Add up the stretches of each bot to which something happened."""
    table = FIGURES[grain]
    statement = _grouped(table, table.c.bot_id).where(*_within(table, scope, start, end))
    return {row[0]: _to_figures(row[1:]) for row in session.execute(statement)}


def list_fold_lags(session: Session) -> list[FoldLag]:
    """Tell for each counted stream how many ids its figures are behind, and since when."""
    cursors = session.scalars(select(FoldCursor).execution_options(populate_existing=True)).all()
    return [
        FoldLag(
            stream=Stream(cursor.stream),
            rows=max(0, _highest_after(session, Stream(cursor.stream), cursor.last_id) - cursor.last_id),
            moved_at=cursor.moved_at,
        )
        for cursor in cursors
    ]


def _highest_after(session: Session, stream: Stream, last_id: int) -> int:
    table = TABLES[stream]
    return session.scalar(select(func.max(table.c.id)).where(table.c.id > last_id)) or 0


def _grouped(table: Table, *keys: ColumnElement[Any]) -> Select[Any]:
    return select(*keys, *_sums(table)).group_by(*keys)


def _sums(table: Table) -> Iterator[ColumnElement[int]]:
    for name in COUNTS:
        yield func.coalesce(func.sum(table.c[name]), 0)


def _within(table: Table, scope: Scope, start: datetime, end: datetime) -> list[ColumnElement[bool]]:
    return [table.c.starts_at >= start, table.c.starts_at < end, *_of_scope(table, scope)]


def _of_scope(table: Table, scope: Scope) -> list[ColumnElement[bool]]:
    return [] if scope.is_all else [table.c.bot_id.in_(scope.bot_ids)]


def _to_figures(row: Iterable[int]) -> Figures:
    runs, failed, errors, *buckets = map(int, row)
    return Figures(runs, failed, errors, tuple(buckets))
