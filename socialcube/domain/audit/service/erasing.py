"""Takes what is personal about somebody out of the log. Who did what stays, by a key that names nobody."""

from typing import Any, cast
from uuid import UUID

from sqlalchemy import CursorResult, Update, and_, or_, select, update

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.policy import require
from socialcube.domain.access.types import Actor, Permission
from socialcube.domain.audit.models import AuditLog
from socialcube.domain.audit.policy import split
from socialcube.domain.audit.policy.erasures import PERSON_ERASED
from socialcube.domain.audit.service.recording import record


def erase_person(uow: UnitOfWork, actor: Actor, user_id: UUID) -> int:
    """Erase a person's names and addresses from the log. The chain holds: it has only their digests.

    Args:
        uow: an open write unit.
        actor: who asks; the erasure is an entry of its own, without which it would count as tampering.
        user_id: the person.

    Returns:
        How many parts of entries were erased.

    Raises:
        ForbiddenError: the actor is no site admin.
    """
    require(actor, Permission.SITE_ADMIN)
    is_of_key = and_(AuditLog.actor.startswith("key:"), AuditLog.person_id == user_id)
    addresses = (or_(AuditLog.actor == f"user:{user_id}", is_of_key), AuditLog.address.is_not(None))
    names = (AuditLog.person_id == user_id, AuditLog.personal.is_not(None))
    erased = (
        _clear(uow, update(AuditLog).where(*addresses).values(address=None, address_salt=None))
        + _clear(uow, update(AuditLog).where(*names).values(personal=None, personal_salt=None))
        + _erase_older(uow, user_id)
    )
    record(
        uow,
        actor,
        PERSON_ERASED,
        subject_kind="user",
        subject_id=user_id,
        after={"parts": erased},
    )
    return erased


def _clear(uow: UnitOfWork, statement: Update) -> int:
    return cast("CursorResult[Any]", uow.session.execute(statement)).rowcount


def _erase_older(uow: UnitOfWork, user_id: UUID) -> int:
    """Erase names from rows of before the chain, where they stand among all else."""
    query = select(AuditLog).where(
        AuditLog.number.is_(None), AuditLog.subject_kind == "user", AuditLog.subject_id == str(user_id)
    )
    rows = uow.session.scalars(query).all()
    for row in rows:
        row.before, row.after, _ = split(row.subject_kind, row.before, row.after)
    return len(rows)
