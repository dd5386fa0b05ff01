"""Deletes entries for their age. What is left can still be checked: the chain notes what went."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, time, timedelta
from typing import Final, cast

from sqlalchemy import Engine, Table, delete, insert, select

from socialcube.db import partitions
from socialcube.db.unit_of_work import UnitOfWork, UnitOfWorkFactory
from socialcube.domain.audit.models import AuditLog, AuditPoint
from socialcube.domain.audit.queries.chain import find_points
from socialcube.domain.audit.service.tail import seal_point
from socialcube.domain.audit.types import GAP, Point

_POINTS: Final = cast("Table", AuditPoint.__table__)
_PAGE_ROWS: Final = 5000

_Row = tuple[int, int, bytes]


def delete_expired(make_unit: UnitOfWorkFactory, engine: Engine, days: int, now: datetime) -> int:
    """Delete entries of the days that are older than so many. Gives how many whole days and rows went.

    First it is noted what will go, signed, with the digest that the next entry follows; then the rows go.
    What dies in between leaves rows that the next run deletes. Clocks of several processes differ, so what
    went need not be the first entries without a hole: each run of numbers is noted by itself, and runs that
    come to touch become one.
    """
    day = (now - timedelta(days=days)).astimezone(UTC).date()
    moment = datetime.combine(day, time(), UTC)
    with make_unit() as uow:
        _note(uow, _runs(_expired(uow, moment)))
        uow.commit()
    return partitions.delete_before(engine, AuditLog.__tablename__, moment)


def _expired(uow: UnitOfWork, moment: datetime) -> Iterator[_Row]:
    query = (
        select(AuditLog.id, AuditLog.number, AuditLog.digest)
        .where(AuditLog.occurred_at < moment, AuditLog.number.is_not(None))
        .order_by(AuditLog.id)
        .execution_options(yield_per=_PAGE_ROWS)
    )
    for row_id, number, digest in uow.session.execute(query):
        yield row_id, number or 0, bytes(digest or b"")


def _runs(rows: Iterable[_Row]) -> Iterator[tuple[int, int, int, bytes]]:
    """Give runs of numbers without a hole: first, last, and id and digest of the last."""
    run: tuple[int, int, int, bytes] | None = None
    for row_id, number, digest in rows:
        if run is not None and number == run[1] + 1:
            run = (run[0], number, row_id, digest)
            continue
        if run is not None:
            yield run
        run = (number, number, row_id, digest)
    if run is not None:
        yield run


def _note(uow: UnitOfWork, runs: Iterable[tuple[int, int, int, bytes]]) -> None:
    known = find_points(uow.session, GAP)
    merged = known
    for first, last, row_id, digest in runs:
        fresh = Point(GAP, first, last, row_id, digest, "", b"", uow.clock.now())
        merged = _merge([*merged, fresh])
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
