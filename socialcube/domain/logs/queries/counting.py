"""Counts that stop: nobody needs to know whether it is one million or two."""

from typing import Final

from sqlalchemy import func, literal, select
from sqlalchemy.orm import Session

from socialcube.domain.logs.documents import ANYTHING, LogFilter
from socialcube.domain.logs.models import TABLES
from socialcube.domain.logs.queries.conditions import select_rows
from socialcube.domain.logs.queries.windows import PATIENCE_SECONDS, walk_back
from socialcube.domain.logs.types import Counted, Stream
from socialcube.kernel.clock import Clock, SystemClock

LIMIT: Final = 10_001
_CLOCK: Final = SystemClock()


def count_up_to(  # noqa: PLR0913 - each part of the question has its own name
    session: Session,
    stream: Stream,
    filters: LogFilter = ANYTHING,
    limit: int = LIMIT,
    *,
    clock: Clock = _CLOCK,
    patience: float | None = PATIENCE_SECONDS,
) -> Counted:
    """Count the rows that match, exactly up to one below the limit: "10,000+" is shown for more.

    When little matches it stops after `patience` seconds, and says that there are at least so many.
    """
    table = TABLES[stream]
    matching = select_rows(stream, filters).with_only_columns(literal(1))
    begin = min(moment for moment in (filters.before, clock.now()) if moment)
    found, reached = 0, None
    for window in walk_back(begin, filters.after, clock, patience):
        some = window.limit(matching, table).limit(limit - found).subquery()
        found += session.scalar(select(func.count()).select_from(some)) or 0
        reached = window.start
        if found >= limit:
            return Counted(limit - 1, is_exact=False)
    is_end = reached is None or (filters.after is not None and reached <= filters.after)
    return Counted(found, is_exact=is_end)
