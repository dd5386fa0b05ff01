"""Reads of roles."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from socialcube.domain.accounts.errors import RoleNotFoundError
from socialcube.domain.accounts.models import Role
from socialcube.domain.accounts.policy.roles import BUILT_IN_ROLES, known_permissions
from socialcube.domain.accounts.types import BuiltInRole, RoleView
from socialcube.kernel.ids import read_id


def list_roles(session: Session) -> list[RoleView]:
    """List the built-in roles, the greatest first, then those made here by name."""
    made = session.scalars(select(Role).order_by(Role.name).execution_options(populate_existing=True))
    return [*BUILT_IN_ROLES.values(), *map(to_role_view, made)]


def find_role(session: Session, ref: UUID | str) -> RoleView | None:
    """Find a role by its key, the key as text, or its name; letter case does not count for built-in ones."""
    role_id = read_id(ref)
    for role in BUILT_IN_ROLES.values():
        if role_id == role.id or str(ref).lower() == role.built_in:
            return role
    key = Role.id == role_id if role_id else Role.name == ref
    row = session.scalars(select(Role).where(key).execution_options(populate_existing=True)).one_or_none()
    return None if row is None else to_role_view(row)


def get_role(session: Session, ref: UUID | str) -> RoleView:
    """Get a role by its key or its name.

    Raises:
        RoleNotFoundError: there is none.
    """
    role = find_role(session, ref)
    if role is None:
        raise RoleNotFoundError(ref=ref)
    return role


def role_of(built_in: str | None, role: Role | None) -> RoleView:
    """Give the role that a row names: one of `roles`, or a built-in one when that is None."""
    return to_role_view(role) if role else BUILT_IN_ROLES[BuiltInRole(str(built_in))]


def to_role_view(role: Role) -> RoleView:
    """Copy a row."""
    return RoleView(
        id=role.id,
        name=role.name,
        description=role.description,
        permissions=known_permissions(role.permissions),
        version=role.version,
    )
