"""Reads of people and their preferences."""

from collections.abc import Collection, Iterator
from uuid import UUID

from sqlalchemy import ColumnElement, String, and_, cast, exists, false, func, or_, select, true
from sqlalchemy.orm import Session

from socialcube.domain.access.types import Scope
from socialcube.domain.accounts.errors import UserNotFoundError
from socialcube.domain.accounts.models import Grant, User, UserPreferences
from socialcube.domain.accounts.queries.grants import touches
from socialcube.domain.accounts.types import MAX_EXTERNAL_ID, Preferences, Theme, UserView


def list_users(session: Session) -> list[UserView]:
    """List everybody by name, those who are switched off too."""
    users = session.scalars(
        select(User).order_by(User.name, User.id).execution_options(populate_existing=True)
    )
    return list(map(to_user_view, users))


def walk_users(session: Session, text: str, size: int) -> Iterator[list[UserView]]:
    """Give everybody whose name or id on the platform contains a text, by name, so many at a time."""
    words = (User.display_name, User.name, cast(User.external_id, String))
    statement = select(User).order_by(User.name, User.id).limit(size)
    if text:
        statement = statement.where(or_(*(column.icontains(text, autoescape=True) for column in words)))
    users = session.scalars(statement).all()
    while users:
        yield list(map(to_user_view, users))
        last = users[-1]
        beyond = or_(User.name > last.name, and_(User.name == last.name, User.id > last.id))
        users = session.scalars(statement.where(beyond)).all()


def count_users(session: Session, *, limit: int) -> int:
    """Count the people, up to a limit."""
    few = select(User.id).limit(limit).subquery()
    return session.scalar(select(func.count()).select_from(few)) or 0


def list_visible(session: Session, scope: Scope, *, limit: int) -> list[UserView]:
    """List those whom somebody sees who manages the members of these bots, and who may sign in, by name."""
    shown = func.coalesce(func.nullif(User.display_name, ""), User.name)
    statement = select(User).where(is_visible(scope), User.is_disabled.is_(False))
    users = session.scalars(statement.order_by(func.lower(shown), User.id).limit(limit))
    return list(map(to_user_view, users))


def is_visible(scope: Scope) -> ColumnElement[bool]:
    """Give the condition of people whom somebody sees who manages the members of these bots.

    Everybody for who manages all of them; else only those who have a role on one of them, by whatever way.
    """
    if scope.is_all:
        return true()
    return exists().where(Grant.user_id == User.id, touches(scope.bot_ids)) if scope else false()


def list_users_by_id(session: Session, user_ids: Collection[UUID]) -> dict[UUID, UserView]:
    """Give several people by their keys, in one read. Who is not there is not in the answer."""
    users = session.scalars(select(User).where(User.id.in_(user_ids))) if user_ids else ()
    return {user.id: to_user_view(user) for user in users}


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
