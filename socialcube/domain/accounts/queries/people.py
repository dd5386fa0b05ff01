"""Reads of people and their preferences."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from socialcube.domain.accounts.errors import UserNotFoundError
from socialcube.domain.accounts.models import User, UserPreferences
from socialcube.domain.accounts.types import MAX_EXTERNAL_ID, Preferences, Theme, UserView


def list_users(session: Session) -> list[UserView]:
    """List everybody by name, those who are switched off too."""
    users = session.scalars(
        select(User).order_by(User.name, User.id).execution_options(populate_existing=True)
    )
    return list(map(to_user_view, users))


def find_user(session: Session, user_id: UUID) -> UserView | None:
    """Find a person by the key."""
    user = session.get(User, user_id, populate_existing=True)
    return None if user is None else to_user_view(user)


def find_user_by_external_id(session: Session, external_id: int) -> UserView | None:
    """Find a person by the id on the platform."""
    if not 0 < external_id <= MAX_EXTERNAL_ID:
        return None
    statement = select(User).where(User.external_id == external_id)
    user = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    return None if user is None else to_user_view(user)


def get_user(session: Session, ref: UUID | int) -> UserView:
    """Get a person by the key, or by the id on the platform.

    Raises:
        UserNotFoundError: there is none.
    """
    view = find_user_by_external_id(session, ref) if isinstance(ref, int) else find_user(session, ref)
    if view is None:
        raise UserNotFoundError(ref=ref)
    return view


def get_preferences(session: Session, user_id: UUID) -> Preferences:
    """Get how a person wants the panel; the house's own way when nothing was chosen."""
    row = session.get(UserPreferences, user_id, populate_existing=True)
    return Preferences() if row is None else Preferences(Theme(row.theme), row.locale, row.time_zone)


def to_user_view(user: User) -> UserView:
    """Copy a row."""
    return UserView(
        id=user.id,
        external_id=user.external_id,
        name=user.name,
        display_name=user.display_name or user.name,
        avatar=user.avatar,
        is_disabled=user.is_disabled,
        last_seen_at=user.last_seen_at,
        created_at=user.created_at,
        version=user.version,
    )
