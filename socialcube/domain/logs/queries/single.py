"""One row by its event id, and one use of a command with all that is known of it."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from sqlalchemy import Select
from sqlalchemy.orm import Session

from socialcube.domain.logs.documents import ANYTHING, LogFilter
from socialcube.domain.logs.models import TABLES
from socialcube.domain.logs.queries.conditions import select_rows, to_log_rows
from socialcube.domain.logs.queries.windows import Window
from socialcube.domain.logs.types import CommandLogRecord, LogRow, RunView, Stream

_NEAR: Final = timedelta(seconds=5)
_AROUND: Final = timedelta(seconds=30)
_EVENTS: Final = 50


def find_row(session: Session, stream: Stream, event_id: UUID) -> LogRow | None:
    """Find a row by its event id, None when there is none or none any more."""
    statement = select_rows(stream, ANYTHING).where(TABLES[stream].c.event_id == event_id)
    for window in _likely(event_id):
        if rows := to_log_rows(stream, session.execute(window.limit(statement, TABLES[stream]))):
            return rows[0]
    return None


def find_run(session: Session, run_id: UUID) -> RunView | None:
    """Find one use of a command by its trace id, which is the event id of its row.

    Whoever shows it asks first whether its bot may be seen: `view.run.record.bot_id`.
    """
    run = find_row(session, Stream.COMMANDS, run_id)
    if run is None or not isinstance(run.record, CommandLogRecord):
        return None
    record = run.record
    # The error row of a run carries the run's own moment.
    errors = TABLES[Stream.ERRORS]
    failure = _of_bot(Stream.ERRORS, record.bot_id, Window(record.occurred_at - _AROUND)).where(
        errors.c.occurred_at <= record.occurred_at + _AROUND, errors.c.trace_id == str(run_id)
    )
    ended = record.occurred_at + timedelta(milliseconds=record.duration_ms)
    around = Window(record.occurred_at - _AROUND, ended + _AROUND)
    errors_found = to_log_rows(Stream.ERRORS, session.execute(failure.limit(1)))
    events = session.execute(_of_bot(Stream.BOTS, record.bot_id, around).limit(_EVENTS))
    return RunView(
        run=run,
        error=errors_found[0] if errors_found else None,
        events=tuple(to_log_rows(Stream.BOTS, events)),
    )


def _of_bot(stream: Stream, bot_id: UUID, window: Window) -> Select[Any]:
    table = TABLES[stream]
    statement = select_rows(stream, LogFilter(bot_ids=frozenset({bot_id})))
    return window.limit(statement, table).order_by(table.c.occurred_at, table.c.id)


def _likely(event_id: UUID) -> Iterator[Window]:
    """Give where a row with this id is: an id of version 7 begins with the millisecond of its making.

    (RFC 9562, section 5.7.) A row is looked for everywhere only when it is not there.
    """
    if event_id.version == 7:  # noqa: PLR2004 - the version that the docstring names
        # Whoever invents an id may name a millisecond that no calendar has.
        with suppress(OverflowError):
            made_at = datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=event_id.int >> 80)
            yield Window(made_at - _NEAR, made_at + _NEAR)
    yield Window()
