"""Deletes entries for their age. What is left can still be checked: the chain notes what went."""

import logging
from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Final, cast

from sqlalchemy import Engine, Table, delete, insert, select

from socialcube.db import partitions
from socialcube.db.unit_of_work import UnitOfWork, UnitOfWorkFactory
from socialcube.domain.audit import policy
from socialcube.domain.audit.models import AuditLog, AuditPoint
from socialcube.domain.audit.queries.chain import find_points
from socialcube.domain.audit.service.tail import seal_point
from socialcube.domain.audit.types import GAP, ChainedRow, Point

_log: Final = logging.getLogger(__name__)
_POINTS: Final = cast("Table", AuditPoint.__table__)
_ROWS: Final = AuditLog.__table__.c
_CHECKED: Final = [_ROWS[name] for name in ("id", "number", "previous", "digest", "key_id", *policy.SIGNED)]
_PAGE_ROWS: Final = 5000
_ADVICE: Final = "see docs/guides/audit.md and run `flask --app wsgi audit verify`"


def delete_expired(make_unit: UnitOfWorkFactory, engine: Engine, days: int, now: datetime) -> int:
    """Delete entries of the days that are older than so many. Gives how many whole days and rows went.

    First it is noted what will go, signed, with the digest that the next entry follows; then the rows go.
    What dies in between leaves rows that the next run deletes. Clocks of several processes differ, so what
    went need not be the first entries without a hole: each run of numbers is noted by itself, and runs that
    come to touch become one.

    Only what is as it was written may go. Whoever can write to the table would else set an entry's moment
    back, and this would delete it and sign that all is well. So a day with an entry that is not as it was
    written stays whole, and nothing goes while a note of what went before is not what was written.
    """
    day = (now - timedelta(days=days)).astimezone(UTC).date()
    moment = datetime.combine(day, time(), UTC)
    with make_unit() as uow:
        known = find_points(uow.session, GAP)
        if not all(policy.is_sealed(uow.keys, gap) for gap in known):
            _log.warning("no audit entry is deleted: a note of earlier ones was changed; %s", _ADVICE)
            return 0
        expired, kept = _expired(uow, moment)
        _note(uow, known, expired)
        uow.commit()
    if kept:
        _log.warning(
            "audit entries of %s and %d other days are kept: some are not as they were written; %s",
            min(kept),
            len(kept) - 1,
            _ADVICE,
        )
    return partitions.delete_before(engine, AuditLog.__tablename__, moment, keep=kept)


def _expired(uow: UnitOfWork, moment: datetime) -> tuple[list[Point], Collection[date]]:
    """Give what may go as runs of numbers without a hole, and the days that stay.

    One read tells both, so that nobody changes a row between the look at its signature and the note.
    """
    query = select(*_CHECKED).where(_ROWS.occurred_at < moment, _ROWS.number.is_not(None)).order_by(_ROWS.id)
    days: dict[date, list[Point]] = defaultdict(list)
    kept: set[date] = set()
    for row in uow.session.execute(query.execution_options(yield_per=_PAGE_ROWS)):
        day = row.occurred_at.astimezone(UTC).date()
        if policy.is_signed(uow.keys, cast("ChainedRow", row)):
            _extend(days[day], row.number, row.id, row.digest, uow.clock.now())
        else:
            kept.add(day)
    return [run for day, runs in days.items() if day not in kept for run in runs], kept


def _extend(runs: list[Point], number: int, row_id: int, digest: bytes, now: datetime) -> None:
    first = number
    if runs and runs[-1].last + 1 == number:
        first = runs.pop().first
    runs.append(Point(GAP, first, number, row_id, digest, "", b"", now))


def _note(uow: UnitOfWork, known: list[Point], expired: Sequence[Point]) -> None:
    merged = _merge([*known, *expired])
    if merged == known:
        return
    uow.session.execute(delete(_POINTS).where(_POINTS.c.kind == GAP))
    rows = [
        seal_point(uow, GAP, first=gap.first, last=gap.last, row_id=gap.row_id, digest=gap.digest)
        for gap in merged
    ]
    uow.session.execute(insert(_POINTS), rows)


def _merge(gaps: list[Point]) -> list[Point]:
    """Make one of gaps that touch or lie within each other."""
    merged: list[Point] = []
    for gap in sorted(gaps, key=lambda each: (each.first, each.last)):
        before = merged[-1] if merged else None
        if before is None or gap.first > before.last + 1:
            merged.append(gap)
        elif gap.last > before.last:
            merged[-1] = replace(
                before, last=gap.last, row_id=gap.row_id, digest=gap.digest, made_at=gap.made_at
            )
    return merged
