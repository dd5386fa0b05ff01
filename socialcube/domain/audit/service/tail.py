"""The end of the chain, where new rows are tied on while every other writer waits.

Every statement more is a way to the database and back that all of them wait for: PostgreSQL gets two for
one row, which is the usual.
"""

import os
from collections.abc import Callable, Sequence
from typing import Any, Final, cast

from sqlalchemy import Table, func, insert, select, text, update

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.audit import policy
from socialcube.domain.audit.models import IDS, AuditLog, AuditPoint
from socialcube.domain.audit.queries.chain import find_head
from socialcube.domain.audit.types import HEAD, START, Point

_POINTS: Final = cast("Table", AuditPoint.__table__)
_ROWS: Final = cast("Table", AuditLog.__table__)
_START_BYTES: Final = 32
# The snapshot of a statement is older than a lock that it had to wait for. The head is read as of now
# nevertheless, since that is what FOR UPDATE does (PostgreSQL documentation, "Read Committed").
_TAKE: Final = text(
    "WITH locked AS MATERIALIZED (SELECT pg_advisory_xact_lock(:lock_class, :lock_key) AS done), "
    "head AS MATERIALIZED (SELECT point.* FROM audit_points AS point, locked "
    "WHERE point.kind = 'head' FOR UPDATE OF point) "
    "SELECT setval(CAST(:sequence AS regclass), nextval(CAST(:sequence AS regclass)) + :count - 1), "
    "head.kind, head.first, head.last, head.row_id, head.digest, head.key_id, head.seal, head.made_at "
    "FROM head"
)

Row = tuple[dict[str, Any], bytes]
"""Values by column, and the bytes that are signed of them beside the row's place."""


class Tail:
    """The rows of one unit, written as its last step: others wait from the lock to the commit, no longer.

    Args:
        uow: an open write unit.
        tell: makes the row that says that the head is not what was written. It goes first, and stays for
            all to see, since the head itself is signed anew with the rows.

    Attributes:
        rows: what to write.
    """

    def __init__(self, uow: UnitOfWork, tell: Callable[[], Row]) -> None:
        self._uow = uow
        self._session = uow.session
        self._tell = tell
        self.rows: list[Row] = []

    def __call__(self) -> None:
        """Lock the chain, tie the rows on, and move its head."""
        # What the change itself still has to write comes first: it may fail, and it may take long.
        self._session.flush()
        ids, head = self._take(len(self.rows))
        rows = self.rows
        if not policy.is_sealed(self._uow.keys, head):
            rows = [self._tell(), *rows]
            ids = [*ids, *IDS.allocate(self._session.connection(), 1)]
        chained, digest = [], head.digest
        for number, row_id, (values, body) in zip(
            range(head.last + 1, head.last + 1 + len(ids)), ids, rows, strict=True
        ):
            signed = self._uow.keys.sign(policy.link(digest, number, row_id, body))
            place = {"id": row_id, "number": number, "previous": digest}
            chained.append({**values, **place, "digest": signed.value, "key_id": signed.key_id})
            digest = signed.value
        self._store(chained)

    def _take(self, count: int) -> tuple[Sequence[int], Point]:
        """Lock the chain. Gives ids, and the head that the new rows follow."""
        connection = self._session.connection()
        if connection.dialect.name == "postgresql":
            found = connection.execute(_TAKE, IDS.parameters(count)).one_or_none()
            if found is not None:
                return range(found[0] - count + 1, found[0] + 1), Point(*found[1:])
        ids = IDS.allocate(connection, count)
        # A statement of its own: one that had to wait for the lock would still see the head before it.
        return ids, find_head(self._session) or self._begin(ids[0])

    def _store(self, rows: list[dict[str, Any]]) -> None:
        newest = rows[-1]
        point = seal_point(
            self._uow, HEAD, last=newest["number"], row_id=newest["id"], digest=newest["digest"]
        )
        moved = update(_POINTS).where(_POINTS.c.kind == HEAD).values(point)
        if len(rows) == 1 and self._session.get_bind().dialect.name == "postgresql":
            self._session.execute(insert(_ROWS).add_cte(moved.cte("moved")), newest)
            return
        self._session.execute(insert(_ROWS), rows)
        self._session.execute(moved)

    def _begin(self, first_id: int) -> Point:
        """Start the chain behind the rows that are older than it. Gives what its first row follows."""
        older = self._session.scalar(select(func.max(AuditLog.id)).where(AuditLog.id < first_id)) or 0
        digest = os.urandom(_START_BYTES)
        start, head = (
            seal_point(self._uow, kind, last=0, row_id=older, digest=digest) for kind in (START, HEAD)
        )
        self._session.execute(insert(_POINTS), [start, head])
        return Point(**head)


def seal_point(  # noqa: PLR0913 - a point's columns, each by its name
    uow: UnitOfWork, kind: str, *, first: int = 0, last: int, row_id: int, digest: bytes
) -> dict[str, Any]:
    """Give a point as it is stored."""
    point: dict[str, Any] = {
        "kind": kind,
        "first": first,
        "last": last,
        "row_id": row_id,
        "digest": digest,
        "made_at": uow.clock.now(),
    }
    signed = policy.seal(uow.keys, point)
    return point | {"key_id": signed.key_id, "seal": signed.value}
