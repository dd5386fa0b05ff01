"""Reads of who has which role where."""

from collections.abc import Collection
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, and_, false, or_, select, true
from sqlalchemy.orm import InstrumentedAttribute, Session

from socialcube.domain.access.types import Scope
from socialcube.domain.accounts.models import AccessGroupBot, Grant, Invite, Role
from socialcube.domain.accounts.queries.roles import role_of
from socialcube.domain.accounts.types import GrantView


def list_grants(  # noqa: PLR0913 - each narrows the list in its own way
    session: Session,
    *,
    user_id: UUID | None = None,
    user_ids: Collection[UUID] | None = None,
    grant_ids: Collection[UUID] | None = None,
    bot_id: UUID | None = None,
    group_id: UUID | None = None,
) -> list[GrantView]:
    """List who has which role where, the oldest first.

    Args:
        session: an open session.
        user_id: of this person only.
        user_ids: of these people only.
        grant_ids: these only.
        bot_id: on this very bot only, without what groups and the site give.
        group_id: on this very group only.
    """
    statement = select(Grant, Role).outerjoin(Role, Role.id == Grant.role_id).order_by(Grant.id)
    if user_id is not None:
        statement = statement.where(Grant.user_id == user_id)
    if user_ids is not None:
        statement = statement.where(Grant.user_id.in_(user_ids))
    if grant_ids is not None:
        statement = statement.where(Grant.id.in_(grant_ids))
    if bot_id is not None:
        statement = statement.where(Grant.bot_id == bot_id)
    if group_id is not None:
        statement = statement.where(Grant.group_id == group_id)
    rows = session.execute(statement.execution_options(populate_existing=True)).all()
    return [to_grant_view(grant, role) for grant, role in rows]


def find_grant(session: Session, grant_id: UUID) -> GrantView | None:
    """Find a grant by its key."""
    statement = select(Grant, Role).outerjoin(Role, Role.id == Grant.role_id).where(Grant.id == grant_id)
    row = session.execute(statement.execution_options(populate_existing=True)).first()
    return None if row is None else to_grant_view(*row)


def is_on_site() -> ColumnElement[bool]:
    """Give the condition of a grant on the whole site."""
    return and_(Grant.bot_id.is_(None), Grant.group_id.is_(None))


def is_within(table: type[Grant | Invite], scope: Scope) -> ColumnElement[bool]:
    """Give the condition of grants or invites of a scope: on its bots, and on groups of which all bots are.

    Those on the site, and on groups without bots, belong to the scope of every bot alone.
    """
    if scope.is_all:
        return true()
    return or_(table.bot_id.in_(scope.bot_ids), is_group_within(table.group_id, scope))


def is_group_within(group_id: InstrumentedAttribute[Any], scope: Scope) -> ColumnElement[bool]:
    """Give the condition of groups of a scope: all their bots are in it. Empty ones belong to every bot's."""
    if scope.is_all:
        return group_id.is_not(None)
    if not scope.bot_ids:
        return false()
    inside = AccessGroupBot.bot_id.in_(scope.bot_ids)
    groups = select(AccessGroupBot.group_id)
    return and_(group_id.in_(groups.where(inside)), group_id.not_in(groups.where(~inside)))


def touches(bot_ids: Collection[UUID]) -> ColumnElement[bool]:
    """Give the condition of grants that give something on one of these bots, wherever they were given."""
    groups = select(AccessGroupBot.group_id).where(AccessGroupBot.bot_id.in_(bot_ids))
    return or_(Grant.bot_id.in_(bot_ids), Grant.group_id.in_(groups), is_on_site())


def to_grant_view(grant: Grant, role: Role | None) -> GrantView:
    """Copy a row. `role` is the one it names, None when it names a built-in one."""
    return GrantView(
        id=grant.id,
        user_id=grant.user_id,
        role=role_of(grant.built_in, role),
        bot_id=grant.bot_id,
        granted_by=grant.granted_by,
        created_at=grant.created_at,
        group_id=grant.group_id,
    )
