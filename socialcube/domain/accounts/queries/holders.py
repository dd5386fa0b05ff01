"""Reads of who may do what on a bot or a group, and why."""

from collections import defaultdict
from collections.abc import Iterable
from uuid import UUID

from sqlalchemy import ColumnElement, func, or_, select
from sqlalchemy.orm import Session

from socialcube.domain.access.types import BOT_PERMISSIONS, Permission
from socialcube.domain.accounts.models import Grant, Role, User
from socialcube.domain.accounts.queries.grants import is_on_site, to_grant_view, touches
from socialcube.domain.accounts.queries.people import to_user_view
from socialcube.domain.accounts.queries.places import list_group_names
from socialcube.domain.accounts.types import GrantView, Holder, UserView


def list_holders(session: Session, bot_id: UUID) -> list[Holder]:
    """List who may do something on a bot, by name: by a role there, on one of its groups, or on the site."""
    return _list(session, touches([bot_id]))


def list_group_holders(session: Session, group_id: UUID) -> list[Holder]:
    """List who may do something on every bot of a group by a role on the group or on the site, by name."""
    return _list(session, or_(Grant.group_id == group_id, is_on_site()))


def count_holders(session: Session, bot_id: UUID) -> int:
    """Count who has a role on a bot, wherever it was given."""
    return session.scalar(select(func.count(Grant.user_id.distinct())).where(touches([bot_id]))) or 0


def _list(session: Session, condition: ColumnElement[bool]) -> list[Holder]:
    statement = (
        select(User, Grant, Role)
        .join(Grant, Grant.user_id == User.id)
        .outerjoin(Role, Role.id == Grant.role_id)
        .where(condition)
        .order_by(Grant.id)
        .execution_options(populate_existing=True)
    )
    users: dict[UUID, UserView] = {}
    grants: dict[UUID, list[GrantView]] = defaultdict(list)
    for user, grant, role in session.execute(statement):
        users[user.id] = to_user_view(user)
        grants[user.id].append(to_grant_view(grant, role))
    groups = {grant.group_id for found in grants.values() for grant in found if grant.group_id}
    names = list_group_names(session, groups)
    holders = (_to_holder(users[user_id], found, names) for user_id, found in grants.items())
    return sorted(
        (holder for holder in holders if holder.permissions),
        key=lambda holder: (holder.user.display_name.casefold(), holder.user.id),
    )


def _to_holder(user: UserView, grants: Iterable[GrantView], group_names: dict[UUID, str]) -> Holder:
    nearest = sorted(grants, key=lambda grant: (grant.bot_id is None, grant.group_id is None))
    sources: dict[Permission, list[str]] = defaultdict(list)
    for grant in nearest:
        for permission in grant.role.permissions & BOT_PERMISSIONS:
            sources[permission].append(f"{grant.role.name} {_where(grant, group_names)}")
    kept = tuple(grant for grant in nearest if grant.role.permissions & BOT_PERMISSIONS)
    return Holder(user, kept, {held: ", ".join(sources[held]) for held in Permission if held in sources})


def _where(grant: GrantView, group_names: dict[UUID, str]) -> str:
    if grant.bot_id is not None:
        return "on this bot"
    if grant.group_id is not None:
        return f"on the group {group_names.get(grant.group_id, '')}"
    return "on the whole site"
