"""Walks along the whole chain, a page at a time, each in a read of its own."""

from collections.abc import Callable, Iterable

from sqlalchemy.orm import Session

from socialcube.domain.audit.policy import Walk
from socialcube.domain.audit.queries.chain import Place, find_head, find_points, list_rows
from socialcube.domain.audit.types import ANCHORED, GAP, START, Anchor, Point, Verification
from socialcube.kernel.signing import SigningKeys

Progress = Callable[[int, int], None]


def verify(
    reads: Callable[[], Session],
    keys: SigningKeys,
    *,
    anchors: Iterable[Anchor] = (),
    on_page: Progress | None = None,
) -> Verification:
    """Check every entry and its place. Takes about 30 s and no memory worth a word for a million.

    Args:
        reads: makes sessions that only read. None is open for longer than a page takes, so that retention
            and writers go on meanwhile.
        keys: that may have signed, old ones too.
        anchors: what was written down outside of the database.
        on_page: told after each page how many entries were checked, and about how many there are.
    """
    with reads() as session:
        points = find_points(session, START, GAP, ANCHORED)
        total = head.last if (head := find_head(session)) else 0
    walk = Walk(keys, points, anchors)
    newest = _walk_all(reads, walk, lambda checked: on_page and on_page(checked, max(total, checked)))
    return walk.end(newest)


def _walk_all(reads: Callable[[], Session], walk: Walk, on_page: Callable[[int], object]) -> Point | None:
    """Take all rows. Gives the head as it was when there were no more."""
    place: Place | None = None
    seen: Point | None = None
    checked = 0
    while True:
        with reads() as session:
            rows, newest = list_rows(session, place), find_head(session)
        for row in rows:
            walk.take(row)
        if rows:
            checked += len(rows)
            place = (rows[-1].id, rows[-1].event_id)
            on_page(checked)
        elif newest is None or newest.last <= walk.last or newest == seen:
            return newest
        else:
            # Somebody wrote between the two reads, or the end is gone: a second look tells which.
            seen = newest
