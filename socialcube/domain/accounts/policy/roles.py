"""What each role holds, and how one is made here."""

from collections.abc import Iterable, Mapping
from typing import Final
from uuid import UUID

from socialcube.domain.access.policy import can
from socialcube.domain.access.types import BOT_PERMISSIONS, Actor, Permission
from socialcube.domain.accounts.errors import InvalidRoleError, NotYoursToGiveError
from socialcube.domain.accounts.types import (
    MAX_ROLE_DESCRIPTION_LENGTH,
    MAX_ROLE_NAME_LENGTH,
    BuiltInRole,
    RoleView,
)
from socialcube.kernel.text import one_line

_VIEWER: Final = frozenset(
    {Permission.BOT_VIEW, Permission.COMMAND_VIEW, Permission.GUILD_VIEW, Permission.LOG_VIEW}
)

BUILT_IN_ROLES: Final[Mapping[BuiltInRole, RoleView]] = {
    kind: RoleView(UUID(int=number), kind.value.capitalize(), description, permissions, kind)
    for number, (kind, description, permissions) in enumerate(
        (
            (BuiltInRole.OWNER, "Everything, people and site settings included", frozenset(Permission)),
            (
                BuiltInRole.MANAGER,
                "Everything on a bot, but its token and its deletion",
                BOT_PERMISSIONS - {Permission.BOT_TOKEN, Permission.BOT_DELETE},
            ),
            (
                BuiltInRole.EDITOR,
                "Builds commands and settings, and leaves publishing to others",
                _VIEWER
                | {
                    Permission.COMMAND_EDIT,
                    Permission.AUTOMATION_EDIT,
                    Permission.GUILD_EDIT,
                    Permission.VARIABLE_EDIT,
                },
            ),
            (
                BuiltInRole.OPERATOR,
                "Starts and stops bots, and reads their logs",
                _VIEWER | {Permission.BOT_CONTROL, Permission.LOG_EXPORT},
            ),
            (BuiltInRole.VIEWER, "Looks at everything and changes nothing", _VIEWER),
        ),
        start=1,
    )
}
"""Their ids are the same in every installation, and never those of a role that was made in one."""


def check_role_name(name: str) -> str:
    """Give the name on one line without surrounding blanks.

    Raises:
        InvalidRoleError: it is empty, too long, or that of a built-in role.
    """
    name = one_line(name, MAX_ROLE_NAME_LENGTH + 1).strip()
    if not 1 <= len(name) <= MAX_ROLE_NAME_LENGTH:
        raise InvalidRoleError(reason=f"its name needs 1 to {MAX_ROLE_NAME_LENGTH} characters")
    if name.lower() in frozenset(BuiltInRole):
        raise InvalidRoleError(reason=f"{name} is the name of a built-in role")
    return name


def check_role_description(description: str) -> str:
    """Give the description on one line without surrounding blanks.

    Raises:
        InvalidRoleError: it is too long.
    """
    description = one_line(description, MAX_ROLE_DESCRIPTION_LENGTH + 1).strip()
    if len(description) > MAX_ROLE_DESCRIPTION_LENGTH:
        raise InvalidRoleError(reason=f"its description has over {MAX_ROLE_DESCRIPTION_LENGTH} characters")
    return description


def check_permissions(actor: Actor, names: Iterable[str]) -> frozenset[Permission]:
    """Give the permissions of a role that the actor makes or changes.

    Raises:
        InvalidRoleError: there are none, one is unknown, or one is `site.admin`.
        NotYoursToGiveError: the actor does not hold one of them.
    """
    try:
        permissions = frozenset(map(Permission, names))
    except ValueError as error:
        raise InvalidRoleError(reason=str(error)) from None
    if not permissions:
        raise InvalidRoleError(reason="it allows nothing, choose a permission")
    if Permission.SITE_ADMIN in permissions:
        raise InvalidRoleError(reason="site.admin belongs to the role Owner alone")
    missing = sorted(permission for permission in permissions if not can(actor, permission))
    if missing:
        raise NotYoursToGiveError(permissions=", ".join(missing))
    return permissions


def known_permissions(names: Iterable[object]) -> frozenset[Permission]:
    """Give the stored permissions that this version knows; those of another one give nothing."""
    stored = frozenset(map(str, names))
    return frozenset(permission for permission in Permission if permission.value in stored)
