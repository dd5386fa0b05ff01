"""Pages of entries, the newest first. A page goes on from an id: the last one costs what the first does."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import ColumnElement, Select, String, and_, cast, func, or_, select
from sqlalchemy.orm import Session

from socialcube.domain.audit.documents import AuditFilter
from socialcube.domain.audit.models import AuditLog
from socialcube.domain.audit.queries.entries import to_entry
from socialcube.domain.audit.types import AuditEntry

_SEARCHED = (
    AuditLog.actor,
    AuditLog.action,
    AuditLog.subject_id,
    AuditLog.request_id,
    AuditLog.address,
    cast(AuditLog.before, String),
    cast(AuditLog.after, String),
    cast(AuditLog.personal, String),
)


def list_older(
    session: Session, filters: AuditFilter, before_id: int | None = None, limit: int = 50
) -> list[AuditEntry]:
    """Give entries with smaller ids, the newest first; None starts at the end."""
    query = _select(filters).order_by(AuditLog.id.desc()).limit(limit)
    return _entries(session, query if before_id is None else query.where(AuditLog.id < before_id))


def list_newer(session: Session, filters: AuditFilter, after_id: int, limit: int = 50) -> list[AuditEntry]:
    """Give the entries next after an id, the newest of them first."""
    query = _select(filters).where(AuditLog.id > after_id).order_by(AuditLog.id).limit(limit)
    return _entries(session, query)[::-1]


def count_up_to(session: Session, filters: AuditFilter, limit: int) -> int:
    """Count entries, but no more than so many."""
    few = select(AuditLog.id).where(*_conditions(filters)).limit(limit).subquery()
    return session.scalar(select(func.count()).select_from(few)) or 0


def _select(filters: AuditFilter) -> Select[Any]:
    return select(AuditLog).where(*_conditions(filters)).execution_options(populate_existing=True)


def _entries(session: Session, query: Select[Any]) -> list[AuditEntry]:
    return [to_entry(row) for row in session.scalars(query)]


def _conditions(filters: AuditFilter) -> Iterator[ColumnElement[bool]]:
    if filters.who is not None:
        yield _is_by(filters.who)
    for column, value in ((AuditLog.action, filters.action), (AuditLog.subject_kind, filters.subject_kind)):
        if value is not None:
            yield column == value
    if filters.address is not None:
        yield AuditLog.address.istartswith(filters.address, autoescape=True)
    if filters.after is not None:
        yield AuditLog.occurred_at >= filters.after
    if filters.before is not None:
        yield AuditLog.occurred_at < filters.before
    if filters.bot_ids is not None:
        yield AuditLog.bot_id.in_(filters.bot_ids)
    for term in filters.text.split():
        yield or_(*(_contains(column, term) for column in _SEARCHED))


def _is_by(who: str) -> ColumnElement[bool]:
    kind, _, key = who.partition(":")
    if not key:
        return AuditLog.actor.startswith(f"{kind}:", autoescape=True)
    return or_(AuditLog.actor == who, and_(AuditLog.subject_kind == kind, AuditLog.subject_id == key))


def _contains(column: Any, term: str) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = column.icontains(term, autoescape=True)
    return condition
