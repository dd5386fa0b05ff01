"""Writes of the audit log. Rows are only ever added."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import Engine, insert

from socialcube.db import partitions
from socialcube.db.unit_of_work import UnitOfWork, UnitOfWorkFactory
from socialcube.domain.access.types import Actor, Permission, Subject
from socialcube.domain.audit.models import IDS, AuditLog
from socialcube.kernel.ids import new_id
from socialcube.kernel.text import one_line, plain_data

ACCESS_DENIED = "access.denied"

_Data = Mapping[str, object] | None


def record(  # noqa: PLR0913 - the words of one sentence: who did what to which thing, from what to what
    uow: UnitOfWork,
    actor: Actor,
    action: str,
    *,
    subject_kind: str,
    subject_id: object,
    bot_id: UUID | None = None,
    before: _Data = None,
    after: _Data = None,
) -> None:
    """Record a change in the change's own transaction. Without a commit nothing is recorded.

    Secrets in `before` and `after` are masked. The row gets its id as the last thing before the commit,
    so that ids come in commit order and nobody waits for long.
    """
    tail = uow.before_commit("audit", _Tail(uow))
    tail.rows.append(
        {
            "event_id": new_id(),
            "occurred_at": uow.clock.now(),
            "actor": one_line(str(actor), 80),
            "action": one_line(action, 64),
            "subject_kind": one_line(subject_kind, 32),
            "subject_id": one_line(str(subject_id), 64),
            "bot_id": bot_id,
            "before": None if before is None else plain_data(before),
            "after": None if after is None else plain_data(after),
            "request_id": one_line(actor.request_id, 64) or None,
            "address": one_line(actor.address, 64) or None,
        }
    )


def record_denied(
    make_unit: UnitOfWorkFactory, actor: Actor, permission: Permission, subject: Subject
) -> None:
    """Record that an actor asked for what it may not do, in a transaction of its own: the asked one ends."""
    with make_unit() as uow:
        record(
            uow,
            actor,
            ACCESS_DENIED,
            subject_kind=subject.kind,
            subject_id=subject.id,
            bot_id=subject.bot_id,
            after={"permission": str(permission)},
        )
        uow.commit()


def delete_expired(engine: Engine, days: int, now: datetime) -> int:
    """Delete entries older than so many days. Gives how many whole days and single rows went."""
    return partitions.delete_before(engine, AuditLog.__tablename__, now - timedelta(days=days))


class _Tail:
    """The rows of one unit, written as its last step: from the id's lock to the commit is one insert."""

    def __init__(self, uow: UnitOfWork) -> None:
        self._session = uow.session
        self.rows: list[dict[str, Any]] = []

    def __call__(self) -> None:
        # What the change itself still has to write comes first: it may fail, and it may take long.
        self._session.flush()
        ids = IDS.allocate(self._session.connection(), len(self.rows))
        rows = [{"id": number, **row} for number, row in zip(ids, self.rows, strict=True)]
        self._session.execute(insert(AuditLog), rows)
