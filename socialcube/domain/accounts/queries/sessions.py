"""Reads of sessions. One that is over is not there for anybody."""

from collections.abc import Collection
from datetime import datetime
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, select
from sqlalchemy.orm import Session

from socialcube.domain.accounts.models import User, UserSession
from socialcube.domain.accounts.types import IDLE_TIME, SessionView


def find_session(session: Session, token_hash: str, now: datetime) -> SessionView | None:
    """Find the session that a token opens.

    None when it was ended, was idle or lasted too long, or its person was switched off.
    """
    row = session.scalars(_living(now).where(UserSession.token_hash == token_hash)).one_or_none()
    return None if row is None else to_session_view(row)


def list_sessions(session: Session, user_id: UUID, now: datetime) -> list[SessionView]:
    """List where a person is signed in, the last used first."""
    statement = _living(now).where(UserSession.user_id == user_id)
    rows = session.scalars(statement.order_by(UserSession.last_seen_at.desc(), UserSession.id))
    return list(map(to_session_view, rows))


def list_session_ids(
    session: Session, user_ids: Collection[UUID], now: datetime
) -> dict[UUID, frozenset[UUID]]:
    """Give the keys of the sessions of several people, in one read. Each of them is in the answer."""
    found: dict[UUID, set[UUID]] = {user_id: set() for user_id in user_ids}
    statement = _living(now).where(UserSession.user_id.in_(user_ids))
    for session_id, user_id in session.execute(
        statement.with_only_columns(UserSession.id, UserSession.user_id)
    ):
        found[user_id].add(session_id)
    return {user_id: frozenset(ids) for user_id, ids in found.items()}


def is_over(now: datetime) -> ColumnElement[bool]:
    """Give the condition of a session that its age has ended."""
    return (UserSession.expires_at <= now) | (UserSession.last_seen_at <= now - IDLE_TIME)


def to_session_view(row: UserSession) -> SessionView:
    """Copy a row."""
    return SessionView(
        id=row.id,
        user_id=row.user_id,
        data=dict(row.data),
        created_at=row.created_at,
        signed_in_at=row.signed_in_at,
        last_seen_at=row.last_seen_at,
        expires_at=row.expires_at,
        address=row.address,
        agent=row.agent,
    )


def _living(now: datetime) -> Select[UserSession]:
    of_enabled = and_(
        User.id == UserSession.user_id, User.epoch == UserSession.epoch, User.is_disabled.is_(False)
    )
    statement = select(UserSession).join(User, of_enabled).where(~is_over(now))
    return statement.execution_options(populate_existing=True)
