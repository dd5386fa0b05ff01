"""Adds new rows to the figures, each exactly once: the cursor moves in the transaction that counts them.

Ids come in commit order, so whoever sees id N sees every row before it: nothing can appear behind the
cursor. A row that comes late counts for the minute in which it happened.
"""

from typing import Any, Final

from sqlalchemy import ColumnElement, Select, Table, Uuid, func, literal, select

from socialcube.db.types import start_of_hour, start_of_minute
from socialcube.db.unit_of_work import UnitOfWork
from socialcube.db.upsert import insert_for
from socialcube.domain.logs.models import COMMAND_HOURS, COUNTS, FIGURES, TABLES, FoldCursor
from socialcube.domain.logs.types import BUCKETS_MS, NO_BOT, Grain, Outcome, Stream

FOLDED: Final = (Stream.COMMANDS, Stream.ERRORS)
"""Streams that have figures."""

BATCH_ROWS: Final = 20_000

_Columns = dict[str, ColumnElement[Any]]

_FAILURES: Final = (Outcome.FAILED, Outcome.TIMED_OUT)
_STARTS: Final = {Grain.MINUTE: start_of_minute, Grain.HOUR: start_of_hour}


def fold_figures(uow: UnitOfWork, stream: Stream, limit: int = BATCH_ROWS) -> int:
    """Count the next rows of a stream.

    Several may call it at once: the others find the cursor taken and leave.

    Args:
        uow: an open write unit. What it counted stands with its commit, or not at all.
        stream: one of `FOLDED`.
        limit: rows counted at most; call again while it gives so many.

    Returns:
        How many rows were counted.
    """
    cursor = _take_cursor(uow, stream)
    if cursor is None:
        return 0
    table = TABLES[stream]
    ids = select(table.c.id).where(table.c.id > cursor.last_id).order_by(table.c.id).limit(limit).subquery()
    count, highest = uow.session.execute(select(func.count(), func.max(ids.c.id))).one()
    if not count:
        return 0
    for target, columns in _targets(stream, table):
        _add(uow, target, columns, (table.c.id > cursor.last_id) & (table.c.id <= highest))
    cursor.last_id, cursor.moved_at = highest, uow.clock.now()
    uow.session.flush()
    return int(count)


def _take_cursor(uow: UnitOfWork, stream: Stream) -> FoldCursor | None:
    """Lock the cursor row until the commit. SQLite lets one writer in at a time anyway."""
    insert = insert_for(uow.session)(FoldCursor).values(stream=stream, last_id=0, moved_at=uow.clock.now())
    uow.session.execute(insert.on_conflict_do_nothing())
    statement = select(FoldCursor).where(FoldCursor.stream == stream).with_for_update(skip_locked=True)
    return uow.session.scalars(statement.execution_options(populate_existing=True)).one_or_none()


def _targets(stream: Stream, rows: Table) -> list[tuple[Table, _Columns]]:
    """Give each table of figures with what a stream's rows add to it, by column: the key's, then counts."""
    bot_id = func.coalesce(rows.c.bot_id, literal(NO_BOT, Uuid()))
    counts = _command_counts(rows) if stream is Stream.COMMANDS else _error_counts()
    targets: list[tuple[Table, _Columns]] = [
        (FIGURES[grain], {"starts_at": _STARTS[grain](rows.c.occurred_at), "bot_id": bot_id, **counts})
        for grain in Grain
    ]
    if stream is Stream.COMMANDS:
        key = {"starts_at": start_of_hour(rows.c.occurred_at), "bot_id": bot_id}
        targets.append((COMMAND_HOURS, {**key, "command_name": rows.c.command_name, **counts}))
    return targets


def _error_counts() -> _Columns:
    return {"errors": func.count()}


def _command_counts(rows: Table) -> _Columns:
    counts: _Columns = {
        "runs": func.count(),
        "failed": func.count().filter(rows.c.outcome.in_(_FAILURES)),
    }
    took = rows.c.duration_ms
    for number in range(len(BUCKETS_MS) + 1):
        above = () if number == 0 else (took > BUCKETS_MS[number - 1],)
        below = () if number == len(BUCKETS_MS) else (took <= BUCKETS_MS[number],)
        counts[f"bucket_{number}"] = func.count().filter(*above, *below)
    return counts


def _add(uow: UnitOfWork, target: Table, columns: _Columns, which: ColumnElement[bool]) -> None:
    key = [column.name for column in target.primary_key]
    missing = {name: literal(0) for name in COUNTS if name not in columns}
    values = columns | missing
    statement: Select[Any] = (
        select(*(value.label(name) for name, value in values.items()))
        .where(which)
        .group_by(*(columns[name] for name in key))
    )
    insert = insert_for(uow.session)(target).from_select(list(values), statement)
    sums = {name: target.c[name] + insert.excluded[name] for name in COUNTS if name in columns}
    uow.session.execute(insert.on_conflict_do_update(index_elements=key, set_=sums))
