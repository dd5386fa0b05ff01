"""Reads of entries as people see them."""

from collections.abc import Collection, Mapping
from typing import Any
from uuid import UUID

from sqlalchemy import case, func, or_, select
from sqlalchemy.orm import Session

from socialcube.domain.audit.models import AuditLog
from socialcube.domain.audit.policy import merge
from socialcube.domain.audit.types import AuditEntry


def to_entry(row: AuditLog) -> AuditEntry:
    """Give a row as an entry, what is personal back in its place."""
    is_erased = (row.address is None and row.address_digest is not None) or (
        row.personal is None and row.personal_digest is not None
    )
    return AuditEntry(
        id=row.id,
        event_id=row.event_id,
        occurred_at=row.occurred_at,
        actor=row.actor,
        action=row.action,
        subject_kind=row.subject_kind,
        subject_id=row.subject_id,
        bot_id=row.bot_id,
        before=merge(row.before, row.personal, "before"),
        after=merge(row.after, row.personal, "after"),
        request_id=row.request_id,
        address=row.address,
        number=row.number,
        person_id=row.person_id,
        is_erased=is_erased,
    )


def list_recent(session: Session, since_id: int = 0, limit: int = 100) -> list[AuditEntry]:
    """Give entries with greater ids, in commit order."""
    return _entries(
        session, select(AuditLog).where(AuditLog.id > since_id).order_by(AuditLog.id).limit(limit)
    )


def list_before(
    session: Session,
    before_id: int | None = None,
    limit: int = 100,
    *,
    bot_id: UUID | None = None,
) -> list[AuditEntry]:
    """Give entries with smaller ids, the newest first; None starts at the end."""
    query = select(AuditLog).order_by(AuditLog.id.desc()).limit(limit)
    if before_id is not None:
        query = query.where(AuditLog.id < before_id)
    if bot_id is not None:
        query = query.where(AuditLog.bot_id == bot_id)
    return _entries(session, query)


def list_about(
    session: Session, bot_id: UUID, action: str, subject_id: object, limit: int = 5
) -> list[AuditEntry]:
    """Give the last entries of one action about one thing that belongs to a bot, the newest first."""
    query = select(AuditLog).where(
        AuditLog.bot_id == bot_id, AuditLog.action == action, AuditLog.subject_id == str(subject_id)
    )
    return _entries(session, query.order_by(AuditLog.id.desc()).limit(limit))


def list_actors_of(session: Session, bot_id: UUID, actions: Collection[str]) -> list[str]:
    """Give who did any of these things to a bot, each once, as entries note them."""
    query = select(AuditLog.actor).distinct()
    return list(session.scalars(query.where(AuditLog.bot_id == bot_id, AuditLog.action.in_(actions))))


def list_changes_of(  # noqa: PLR0913 - each part of the question has its own name
    session: Session,
    bot_id: UUID,
    titles: Mapping[str, str],
    limit: int,
    *,
    text: str = "",
    actors: Collection[str] = (),
) -> list[AuditEntry]:
    """Give the last entries about a bot with one of these actions, the newest first.

    Args:
        session: any open session.
        bot_id: the bot.
        titles: the actions, each as the reader sees it. One that ends in a slash goes on with the name.
        limit: how many at most.
        text: only entries whose title contains it, in any case of letters.
        actors: whose entries are found by the text as well, whatever their titles are.
    """
    query = select(AuditLog).where(AuditLog.bot_id == bot_id, AuditLog.action.in_(titles))
    if text:
        name = func.coalesce(AuditLog.after["name"].as_string(), "")
        named = [action for action, title in titles.items() if title.endswith("/")]
        title = case(titles, value=AuditLog.action)
        shown = case((AuditLog.action.in_(named), title.concat(name)), else_=title)
        query = query.where(or_(shown.icontains(text, autoescape=True), AuditLog.actor.in_(actors)))
    return _entries(session, query.order_by(AuditLog.id.desc()).limit(limit))


def latest_id(session: Session) -> int:
    """Give the highest committed id, 0 when nothing was recorded."""
    return session.scalar(select(func.max(AuditLog.id))) or 0


def _entries(session: Session, query: Any) -> list[AuditEntry]:
    # A session that is used on must not hand out rows as they were before an erasure.
    found = session.scalars(query.execution_options(populate_existing=True))
    return [to_entry(row) for row in found]
