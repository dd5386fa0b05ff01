"""Reads of groups of bots, and of what places cover."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from socialcube.domain.access.types import Scope
from socialcube.domain.accounts.errors import GroupNotFoundError
from socialcube.domain.accounts.models import AccessGroup, AccessGroupBot
from socialcube.domain.accounts.types import GroupView, Place
from socialcube.kernel.ids import read_id


def list_groups(session: Session, *, bot_id: UUID | None = None) -> list[GroupView]:
    """List the groups by name, or those of one bot."""
    statement = select(AccessGroup).order_by(AccessGroup.name, AccessGroup.id)
    if bot_id is not None:
        statement = statement.join(AccessGroupBot, AccessGroupBot.group_id == AccessGroup.id)
        statement = statement.where(AccessGroupBot.bot_id == bot_id)
    groups = session.scalars(statement.execution_options(populate_existing=True)).all()
    bots = list_bots_of(session, [group.id for group in groups])
    return [to_group_view(group, bots[group.id]) for group in groups]


def list_groups_within(session: Session, scope: Scope) -> list[GroupView]:
    """List the groups of which every bot is in the scope. One without bots is in that of every bot alone."""
    groups = list_groups(session)
    return [group for group in groups if scope.is_all or (group.bot_ids and group.bot_ids <= scope.bot_ids)]


def list_bots_of(session: Session, group_ids: Collection[UUID]) -> dict[UUID, frozenset[UUID]]:
    """Give the bots of several groups, in one read. Each group is in the answer."""
    found: dict[UUID, set[UUID]] = {group_id: set() for group_id in group_ids}
    if found:
        rows = select(AccessGroupBot.group_id, AccessGroupBot.bot_id)
        for group_id, bot_id in session.execute(rows.where(AccessGroupBot.group_id.in_(found))):
            found[group_id].add(bot_id)
    return {group_id: frozenset(bot_ids) for group_id, bot_ids in found.items()}


def list_covered(session: Session, place: Place) -> frozenset[UUID]:
    """Give the bots that a place names: the bot itself, or those of the group. None for the whole site."""
    if place.bot_id is not None:
        return frozenset({place.bot_id})
    if place.group_id is not None:
        return list_bots_of(session, [place.group_id])[place.group_id]
    return frozenset()


def find_group(session: Session, ref: UUID | str) -> GroupView | None:
    """Find a group by its key, the key as text, or its exact name."""
    group_id = read_id(ref)
    key = AccessGroup.id == group_id if group_id else AccessGroup.name == ref
    statement = select(AccessGroup).where(key).execution_options(populate_existing=True)
    row = session.scalars(statement).one_or_none()
    return None if row is None else to_group_view(row, list_bots_of(session, [row.id])[row.id])


def get_group(session: Session, ref: UUID | str) -> GroupView:
    """Get a group by its key or its name.

    Raises:
        GroupNotFoundError: there is none.
    """
    group = find_group(session, ref)
    if group is None:
        raise GroupNotFoundError(ref=ref)
    return group


def list_group_names(session: Session, group_ids: Collection[UUID]) -> dict[UUID, str]:
    """Give the names of groups."""
    statement = select(AccessGroup.id, AccessGroup.name).where(AccessGroup.id.in_(group_ids))
    return {row.id: row.name for row in session.execute(statement)} if group_ids else {}


def to_group_view(group: AccessGroup, bot_ids: frozenset[UUID]) -> GroupView:
    """Copy a row."""
    return GroupView(group.id, group.name, group.description, bot_ids, group.version)
