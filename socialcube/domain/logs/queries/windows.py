"""Walks through time in stretches, so that a read touches few of the day partitions.

PostgreSQL plans every partition that a statement might need: with a hundred days that alone took 20 ms,
for a page whose rows were all of today. So a read begins with one day and takes longer stretches only
while it has not found enough.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import Select, Table

from socialcube.kernel.clock import Clock

PATIENCE_SECONDS: Final = 0.5
"""How long a read goes on when little matches. It then says how far it looked, and can be continued."""

_FIRST: Final = timedelta(days=1)
_GROWTH: Final = 4
_LONGEST: Final = timedelta(days=64)
_QUICK: Final = 1 / 8


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time, the start included, the end not. None means open on that side."""

    start: datetime | None = None
    end: datetime | None = None

    def limit(self, statement: Select[Any], table: Table) -> Select[Any]:
        """Leave only the rows of this stretch."""
        if self.start is not None:
            statement = statement.where(table.c.occurred_at >= self.start)
        if self.end is not None:
            statement = statement.where(table.c.occurred_at < self.end)
        return statement


def walk_back(
    begin: datetime, until: datetime | None, clock: Clock, patience: float | None
) -> Iterator[Window]:
    """Give stretches from the newest to the oldest. The first one is open to the future.

    Args:
        begin: where the newest rows are expected.
        until: nothing before this matters; None means all.
        clock: measures.
        patience: seconds after which no further stretch follows; None walks to the end.
    """
    for far, near in _spans(clock, patience):
        end = None if near is None else begin - near
        start = None if far is None else begin - far
        if end is not None and until is not None and end <= until:
            return
        yield Window(start, end)


def walk_on(begin: datetime, clock: Clock, patience: float | None) -> Iterator[Window]:
    """Give stretches from a moment towards the present; the last one is open to the future."""
    for far, near in _spans(clock, patience):
        yield Window(begin + (near or timedelta()), None if far is None else begin + far)


def _spans(clock: Clock, patience: float | None) -> Iterator[tuple[timedelta | None, timedelta | None]]:
    """Give the far and the near bound of each stretch, as distances from where the walk begins."""
    started = looked = clock.monotonic()
    near: timedelta | None = None
    span = _FIRST
    while near is None or near < _LONGEST:
        far = (near or timedelta()) + span
        yield far, near
        near, now = far, clock.monotonic()
        if patience is not None:
            if now - started > patience:
                return
            # What took long is not followed by more at once: the next look at the time must come soon.
            span = span * _GROWTH if now - looked < patience * _QUICK else span
        else:
            span *= _GROWTH
        looked = now
    yield None, near
