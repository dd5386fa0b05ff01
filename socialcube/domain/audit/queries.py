"""Reads of the audit log."""

from dataclasses import fields
from typing import Any
from uuid import UUID

from sqlalchemy import Select, func, select
from sqlalchemy.orm import Session

from socialcube.domain.audit.models import AuditLog
from socialcube.domain.audit.types import AuditEntry

_COLUMNS = tuple(getattr(AuditLog, field.name) for field in fields(AuditEntry))


def list_recent(session: Session, since_id: int = 0, limit: int = 100) -> list[AuditEntry]:
    """Give entries with greater ids, in commit order."""
    return _entries(session, _select().where(AuditLog.id > since_id).order_by(AuditLog.id).limit(limit))


def list_before(
    session: Session, before_id: int | None = None, limit: int = 100, *, bot_id: UUID | None = None
) -> list[AuditEntry]:
    """Give entries with smaller ids, the newest first; None starts at the end."""
    query = _select().order_by(AuditLog.id.desc()).limit(limit)
    if before_id is not None:
        query = query.where(AuditLog.id < before_id)
    if bot_id is not None:
        query = query.where(AuditLog.bot_id == bot_id)
    return _entries(session, query)


def latest_id(session: Session) -> int:
    """Give the highest committed id, 0 when nothing was recorded."""
    return session.scalar(select(func.max(AuditLog.id))) or 0


def _select() -> Select[Any]:
    return select(*_COLUMNS)


def _entries(session: Session, query: Select[Any]) -> list[AuditEntry]:
    return [AuditEntry(*row) for row in session.execute(query)]
