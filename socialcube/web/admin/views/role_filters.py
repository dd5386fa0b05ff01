"""Filters by role and by place that the lists of people share."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement

from socialcube.domain.access.types import Permission
from socialcube.domain.accounts import queries
from socialcube.domain.accounts.models import Grant, Invite
from socialcube.web import identity
from socialcube.web.context import services


def role_choices() -> list[tuple[str, str]]:
    """Give all roles, as key and name."""
    return [(str(role.id), role.name) for role in queries.list_roles(services().session())]


def group_choices() -> list[tuple[str, str]]:
    """Give the groups whose members the person manages, as key and name."""
    scope = identity.scope(Permission.MEMBER_MANAGE)
    groups = queries.list_groups_within(services().session(), scope)
    return [(str(group.id), group.name) for group in groups]


def names_role(table: type[Grant | Invite], key: str) -> ColumnElement[bool]:
    """Give the condition that a grant or an invite names a role."""
    role = queries.get_role(services().session(), UUID(key))
    if role.built_in is not None:
        return table.built_in == role.built_in
    return table.role_id == role.id


def of_group(table: Any, key: str) -> ColumnElement[bool]:
    """Give the condition that a row was made for this very group."""
    condition: ColumnElement[bool] = table.group_id == UUID(key)
    return condition
