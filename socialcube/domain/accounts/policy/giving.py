"""Who may give a role to others, and where: only what one holds oneself, on all that the place covers."""

from collections.abc import Collection, Iterable
from uuid import UUID

from socialcube.domain.access.policy import can
from socialcube.domain.access.types import (
    BOT_PERMISSIONS,
    EFFECTS,
    SITE_PERMISSIONS,
    Actor,
    Permission,
    Subject,
)
from socialcube.domain.accounts.errors import NotYoursToGiveError
from socialcube.domain.accounts.types import Place, RoleView
from socialcube.kernel.errors import ForbiddenError


def holdings_of(role: RoleView, place: Place) -> frozenset[Permission]:
    """Give what a role gives at a place. On a bot or a group it gives nothing of the site."""
    return role.permissions if place.is_site else role.permissions & BOT_PERMISSIONS


def manager_permission(place: Place) -> Permission:
    """Give what somebody needs to give and take roles there."""
    return Permission.SITE_ADMIN if place.is_site else Permission.MEMBER_MANAGE


def holds_at(actor: Actor, permission: Permission, place: Place, bot_ids: Collection[UUID]) -> bool:
    """Tell whether an actor holds a permission on the whole place.

    Args:
        actor: who.
        permission: what.
        place: where.
        bot_ids: the bots that the place covers: the bot itself, or those of the group. A group without
            bots is held by nobody but who holds every bot, since bots may join it later.
    """
    if can(actor, permission):
        return True
    if place.is_site or permission in SITE_PERMISSIONS:
        return False
    return bool(bot_ids) and all(can(actor, permission, Subject.bot(bot_id)) for bot_id in bot_ids)


def require_may_manage(actor: Actor, place: Place, bot_ids: Collection[UUID]) -> None:
    """Go on only if the actor may give and take roles there at all.

    Raises:
        ForbiddenError: it may not.
    """
    permission = manager_permission(place)
    if not holds_at(actor, permission, place, bot_ids):
        raise ForbiddenError(permission=permission.value)


def require_may_give(actor: Actor, role: RoleView, place: Place, bot_ids: Collection[UUID]) -> None:
    """Go on only if the actor holds all that the role gives there. Taking it back needs the same.

    Raises:
        NotYoursToGiveError: something is missing.
    """
    _refuse(held for held in holdings_of(role, place) if not holds_at(actor, held, place, bot_ids))


def require_may_move(actor: Actor, roles: Iterable[RoleView], bot_ids: Collection[UUID]) -> None:
    """Go on only if the actor holds on these bots all that people hold by the group which they join or leave.

    Raises:
        NotYoursToGiveError: something is missing: somebody would get, or lose, what the actor does not hold.
    """
    moved = frozenset[Permission]().union(*(role.permissions & BOT_PERMISSIONS for role in roles))
    _refuse(held for held in moved if any(not can(actor, held, Subject.bot(bot_id)) for bot_id in bot_ids))


def may_give(actor: Actor, role: RoleView, place: Place, bot_ids: Collection[UUID]) -> bool:
    """Tell whether the actor may give and take this role there."""
    needed = {manager_permission(place), *holdings_of(role, place)}
    return all(holds_at(actor, held, place, bot_ids) for held in needed)


def _refuse(missing: Iterable[Permission]) -> None:
    found = sorted(missing)
    if found:
        raise NotYoursToGiveError(permissions="; ".join(EFFECTS[held] for held in found))
