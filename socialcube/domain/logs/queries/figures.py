"""Reads of the figures. They are as fresh as the last fold, some ten seconds."""

import operator
from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from functools import cache, reduce
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, String, Table, cast, func, select
from sqlalchemy.orm import Session

from socialcube.domain.access.types import Scope
from socialcube.domain.logs.models import COMMAND_HOURS, COUNTS, FIGURES, TABLES, FoldCursor
from socialcube.domain.logs.types import BUCKETS_MS, Figures, FoldLag, Grain, Stream


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


def list_bot_runs(
    session: Session, scope: Scope, grain: Grain, start: datetime, end: datetime
) -> dict[datetime, dict[UUID, int]]:
    """Give how often the commands of each bot were used, by stretch and bot, where they were at all.

    A fleet has a hundred thousand stretches in a week, and reading a row for each takes seconds: the
    database sends one for each moment, with the numbers of all bots in one text.
    """
    table = FIGURES[grain]
    numbers = cast(table.c.bot_id, String) + ":" + cast(table.c.runs, String)
    statement = select(table.c.starts_at, func.aggregate_strings(numbers, " ")).group_by(table.c.starts_at)
    rows = session.execute(statement.where(*_within(table, scope, start, end), table.c.runs > 0))
    # The same few keys come again and again, and making one costs more than the rest.
    key = cache(UUID)
    return {starts_at: {key(bot): int(runs) for bot, runs in _read_pairs(text)} for starts_at, text in rows}


def count_bot_errors(
    session: Session, scope: Scope, grain: Grain, start: datetime, end: datetime
) -> dict[UUID, int]:
    """Count the errors of each bot that had any."""
    table = FIGURES[grain]
    statement = select(table.c.bot_id, func.sum(table.c.errors)).group_by(table.c.bot_id)
    rows = session.execute(statement.where(*_within(table, scope, start, end), table.c.errors > 0))
    return {bot_id: int(errors) for bot_id, errors in rows}


def list_command_figures(
    session: Session, scope: Scope, start: datetime, end: datetime, *, names: Collection[str] | None = None
) -> dict[tuple[UUID, str], Figures]:
    """Add up the hours of each command, by its bot and name. `names` narrows it to commands called so."""
    table = COMMAND_HOURS
    statement = _grouped(table, table.c.bot_id, table.c.command_name)
    if names is not None:
        statement = statement.where(table.c.command_name.in_(names))
    rows = session.execute(statement.where(*_within(table, scope, start, end)))
    return {(row[0], row[1]): _to_figures(row[2:]) for row in rows}


def list_late_commands(
    session: Session, scope: Scope, start: datetime, end: datetime, *, beyond_ms: float
) -> set[tuple[UUID, str]]:
    """Give the commands that took longer than one of `BUCKETS_MS` at least once, by bot and name."""
    table = COMMAND_HOURS
    first = BUCKETS_MS.index(beyond_ms) + 1
    late = [table.c[f"bucket_{number}"] for number in range(first, len(BUCKETS_MS) + 1)]
    statement = select(table.c.bot_id, table.c.command_name).distinct()
    rows = session.execute(
        statement.where(*_within(table, scope, start, end), reduce(operator.add, late) > 0)
    )
    return {(bot_id, name) for bot_id, name in rows}


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
    return [_measure_lag(session, cursor) for cursor in cursors]


def _measure_lag(session: Session, cursor: FoldCursor) -> FoldLag:
    stream = Stream(cursor.stream)
    table = TABLES[stream]
    waiting = table.c.id > cursor.last_id
    highest = session.scalar(select(func.max(table.c.id)).where(waiting)) or cursor.last_id
    # A cursor that stood for a quiet night is not behind because of the first row of the morning.
    first = session.scalar(select(table.c.occurred_at).where(waiting).order_by(table.c.id).limit(1))
    since = max(cursor.moved_at, first or cursor.moved_at)
    return FoldLag(stream, rows=highest - cursor.last_id, since=since)


def _read_pairs(text: str) -> Iterator[list[str]]:
    return (pair.split(":") for pair in text.split(" "))


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
