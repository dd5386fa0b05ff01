"""Writes entries, each in the transaction of the change that it tells of."""

from collections.abc import Mapping
from operator import itemgetter
from typing import Any, Final, cast
from uuid import UUID

from socialcube.db.unit_of_work import UnitOfWork, UnitOfWorkFactory
from socialcube.domain.access.types import Actor, Permission, Subject
from socialcube.domain.audit import policy
from socialcube.domain.audit.service.tail import Row, Tail
from socialcube.domain.audit.types import HEAD_BROKEN, Data
from socialcube.kernel.ids import new_id
from socialcube.kernel.text import one_line, plain_data

ACCESS_DENIED: Final = "access.denied"

_SIGNED: Final = itemgetter(*policy.SIGNED)
_COLUMNS: Final = (*policy.SIGNED, "address", "address_salt", "personal", "personal_salt")

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

    Secrets in `before` and `after` are masked; what is personal in them (`policy.PERSONAL_KEYS`) and the
    address are kept so that they can be erased. The row gets its id and its place in the chain as the last
    thing before the commit, so that ids come in commit order and nobody waits for long.
    """
    kind, subject = one_line(subject_kind, 32), one_line(str(subject_id), 64)
    said = one_line(str(actor), 80)
    left_before, left_after, personal = policy.split(kind, _clean(before), _clean(after))
    values: dict[str, Any] = {
        "event_id": new_id(),
        "occurred_at": uow.clock.now(),
        "actor": said,
        "action": one_line(action, 64),
        "subject_kind": kind,
        "subject_id": subject,
        "bot_id": bot_id,
        "before": left_before,
        "after": left_after,
        "request_id": one_line(actor.request_id, 64) or None,
        # A key never does anything to people, so what is personal in its entries is its maker's.
        "person_id": actor.person_id
        or policy.person_of(said, kind, subject, {**(left_before or {}), **(left_after or {})}, personal),
        **_apart("address", one_line(actor.address, 64) or None),
        **_apart("personal", personal or None),
    }
    tail = uow.before_commit("audit", Tail(uow, lambda: _head_broken(uow)))
    tail.rows.append((values, policy.body_of(_SIGNED(values))))


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


def _head_broken(uow: UnitOfWork) -> Row:
    values: dict[str, Any] = dict.fromkeys(_COLUMNS) | {
        "event_id": new_id(),
        "occurred_at": uow.clock.now(),
        "actor": str(Actor.system("audit")),
        "action": HEAD_BROKEN,
        "subject_kind": "site",
        "subject_id": "site",
    }
    return values, policy.body_of(_SIGNED(values))


def _clean(data: _Data) -> Data | None:
    return None if data is None else cast("Data", plain_data(data))


def _apart(name: str, value: object) -> dict[str, object]:
    """Give the columns of a part that can be erased."""
    salt, digest = policy.commit(value) if value is not None else (None, None)
    return {name: value, f"{name}_salt": salt, f"{name}_digest": digest}
