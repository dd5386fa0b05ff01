"""How roles are made here, changed and deleted."""

from collections.abc import Iterable
from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.exc import IntegrityError

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.policy import require
from socialcube.domain.access.types import Actor, Permission
from socialcube.domain.accounts.errors import (
    BuiltInRoleError,
    DuplicateRoleError,
    RoleInUseError,
    RoleNotFoundError,
)
from socialcube.domain.accounts.models import Grant, Role
from socialcube.domain.accounts.policy.roles import (
    check_permissions,
    check_role_description,
    check_role_name,
)
from socialcube.domain.accounts.queries.roles import find_role
from socialcube.domain.accounts.service.changes import tell_holders
from socialcube.domain.audit import service as audit
from socialcube.kernel.errors import VersionConflictError
from socialcube.kernel.ids import new_id

_DELETE: Final = "role.delete"


def create_role(
    uow: UnitOfWork, actor: Actor, *, name: str, permissions: Iterable[str], description: str = ""
) -> UUID:
    """Make a role.

    Raises:
        ForbiddenError, InvalidRoleError, NotYoursToGiveError, DuplicateRoleError: as they say.
    """
    require(actor, Permission.SITE_ADMIN)
    now = uow.clock.now()
    role = Role(id=new_id(), created_at=now)
    _fill(uow, actor, role, name, description, permissions)
    try:
        with uow.session.begin_nested():
            uow.session.add(role)
    except IntegrityError:
        raise DuplicateRoleError(name=role.name) from None
    _record(uow, actor, "role.create", role, None)
    return role.id


def edit_role(  # noqa: PLR0913 - every fact of the change has its own name
    uow: UnitOfWork,
    actor: Actor,
    role_id: UUID,
    *,
    version: int,
    name: str,
    permissions: Iterable[str],
    description: str = "",
) -> None:
    """Change a role, and with it what everybody may do who has it.

    Raises:
        ForbiddenError, RoleNotFoundError, BuiltInRoleError, InvalidRoleError, NotYoursToGiveError,
            DuplicateRoleError: as they say.
        VersionConflictError: somebody changed it since `version`; `stored` is how it is now.
    """
    require(actor, Permission.SITE_ADMIN)
    role = _lock(uow, role_id)
    if role.version != version:
        raise VersionConflictError(stored=_facts_of(role))
    before = _facts_of(role)
    try:
        with uow.session.begin_nested():
            _fill(uow, actor, role, name, description, permissions)
            role.version = version + 1
    except IntegrityError:
        raise DuplicateRoleError(name=name) from None
    _record(uow, actor, "role.edit", role, before)
    tell_holders(uow, Grant.role_id == role_id)


def delete_role(uow: UnitOfWork, actor: Actor, role_id: UUID) -> None:
    """Delete a role that nobody has.

    Raises:
        ForbiddenError, RoleNotFoundError, BuiltInRoleError, RoleInUseError: as they say.
    """
    require(actor, Permission.SITE_ADMIN)
    role = _lock(uow, role_id)
    count = uow.session.scalar(select(func.count()).select_from(Grant).where(Grant.role_id == role_id))
    if count:
        raise RoleInUseError(name=role.name, count=count)
    before = _facts_of(role)
    uow.session.delete(role)
    uow.session.flush()
    _record(uow, actor, _DELETE, role, before)


def _lock(uow: UnitOfWork, role_id: UUID) -> Role:
    built_in = find_role(uow.session, role_id)
    if built_in is not None and built_in.built_in:
        raise BuiltInRoleError(name=built_in.name)
    role = uow.session.get(Role, role_id, with_for_update=True, populate_existing=True)
    if role is None:
        raise RoleNotFoundError(ref=role_id)
    return role


def _fill(  # noqa: PLR0913, PLR0917 - every fact of the role has its own name
    uow: UnitOfWork, actor: Actor, role: Role, name: str, description: str, permissions: Iterable[str]
) -> None:
    name = check_role_name(name)
    if name != role.name:
        _check_alone(uow, role, name)
    role.name = name
    role.description = check_role_description(description)
    role.permissions = [permission.value for permission in sorted(check_permissions(actor, permissions))]
    role.updated_at = uow.clock.now()


def _check_alone(uow: UnitOfWork, role: Role, name: str) -> None:
    """Refuse a name that another role has in other capitals. Compared here, as those of groups are.

    Raises:
        DuplicateRoleError: there is one.
    """
    for other in uow.session.scalars(select(Role.name).where(Role.id != role.id)):
        if other.casefold() == name.casefold():
            raise DuplicateRoleError(name=other)


def _facts_of(role: Role) -> dict[str, object]:
    return {"name": role.name, "description": role.description, "permissions": list(role.permissions)}


def _record(
    uow: UnitOfWork,
    actor: Actor,
    action: str,
    role: Role,
    before: dict[str, object] | None,
) -> None:
    after = None if action == _DELETE else _facts_of(role)
    audit.record(uow, actor, action, subject_kind="role", subject_id=role.id, before=before, after=after)
