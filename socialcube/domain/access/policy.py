"""The one decision: may this actor do this to that. Every door asks here."""

from socialcube.domain.access.types import (
    MANAGER_PERMISSIONS,
    SITE_PERMISSIONS,
    Actor,
    Permission,
    Scope,
    Subject,
)
from socialcube.kernel.errors import ForbiddenError


def can(actor: Actor, permission: Permission, subject: Subject | None = None) -> bool:
    """Tell whether the actor holds the permission on the site, on the subject's bot, or on its server."""
    if permission in actor.permissions:
        return True
    # A grant on a bot must never grow into one on the site, whatever its row says.
    if permission in SITE_PERMISSIONS or subject is None or subject.bot_id is None:
        return False
    if permission in actor.bot_permissions.get(subject.bot_id, frozenset()):
        return True
    if permission not in MANAGER_PERMISSIONS or subject.guild_id is None:
        return False
    return (subject.bot_id, subject.guild_id) in actor.managed


def require(actor: Actor, permission: Permission, subject: Subject | None = None) -> None:
    """Go on only if `can` says yes.

    Raises:
        ForbiddenError: it says no.
    """
    if not can(actor, permission, subject):
        raise ForbiddenError(permission=permission.value)


def scope(actor: Actor, permission: Permission) -> Scope:
    """Give the bots on which `can` says yes, for lists that filter where the rows are.

    A permission of the site is held on no single bot: its scope is every bot or none. Managing servers is
    in no scope, since it opens single servers and never a bot.
    """
    if permission in actor.permissions:
        return Scope(is_all=True)
    if permission in SITE_PERMISSIONS:
        return Scope(is_all=False)
    held = (bot_id for bot_id, permissions in actor.bot_permissions.items() if permission in permissions)
    return Scope(is_all=False, bot_ids=frozenset(held))


def can_anywhere(actor: Actor, permission: Permission) -> bool:
    """Tell whether the actor holds the permission on the site or on one bot at least."""
    return bool(scope(actor, permission))
