"""How people get roles and lose them."""

from dataclasses import replace
from uuid import UUID

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.policy import can
from socialcube.domain.access.types import Actor, Permission, Subject
from socialcube.domain.accounts.errors import GrantNotFoundError
from socialcube.domain.accounts.events import AccessChanged
from socialcube.domain.accounts.models import Grant, Role
from socialcube.domain.accounts.policy.giving import require_may_give, require_may_manage
from socialcube.domain.accounts.policy.roles import BUILT_IN_ROLES
from socialcube.domain.accounts.queries.access import load_actor
from socialcube.domain.accounts.queries.grants import to_grant_view
from socialcube.domain.accounts.service.changes import (
    give,
    lock_covered,
    lock_role,
    lock_user,
    record,
    require_another_owner,
    require_place,
    where,
)
from socialcube.domain.accounts.types import BuiltInRole, Place


def grant_role(  # noqa: PLR0913 - who gives what to whom, and where
    uow: UnitOfWork,
    actor: Actor,
    *,
    user_id: UUID,
    role_id: UUID,
    bot_id: UUID | None = None,
    group_id: UUID | None = None,
) -> UUID:
    """Give a person a role on one bot, on a group of bots, or on the site with every bot.

    Giving it twice is giving it once.

    Returns:
        The grant's key.

    Raises:
        ForbiddenError: the actor manages nobody there; for a group, on every bot of it.
        NotYoursToGiveError: the role gives more than the actor has.
        UserNotFoundError, RoleNotFoundError, BotNotFoundError, GroupNotFoundError: as they say.
    """
    place = Place(bot_id, group_id)
    covered = lock_covered(uow, place)
    require_may_manage(actor, place, covered)
    role = lock_role(uow, role_id)
    require_may_give(actor, role, place, covered)
    require_place(uow, place)
    return give(uow, actor, lock_user(uow, user_id), role, place)


def entrust_bot(uow: UnitOfWork, actor: Actor, bot_id: UUID) -> Actor:
    """Make the person who brought a bot its manager, unless they may run it already.

    Whoever has the token has the bot, so this gives nothing that they lack.

    Returns:
        The actor, with what it may do from now on.
    """
    if actor.kind != "user" or can(actor, Permission.BOT_CONTROL, Subject.bot(bot_id)):
        return actor
    user, manager = lock_user(uow, UUID(actor.id)), BUILT_IN_ROLES[BuiltInRole.MANAGER]
    give(uow, actor, user, manager, Place(bot_id), reason="brought its token")
    now = load_actor(uow.session, user.id)
    return replace(now, request_id=actor.request_id, address=actor.address)


def revoke_grant(uow: UnitOfWork, actor: Actor, grant_id: UUID) -> None:
    """Take a role back.

    Raises:
        ForbiddenError, NotYoursToGiveError: as with giving it.
        GrantNotFoundError, LastOwnerError: as they say.
    """
    grant = uow.session.get(Grant, grant_id)
    if grant is None:
        raise GrantNotFoundError
    place = Place(grant.bot_id, grant.group_id)
    covered = lock_covered(uow, place)
    require_may_manage(actor, place, covered)
    user = lock_user(uow, grant.user_id)
    # Whoever changes grants of this person holds that lock; another one may have been quicker.
    if uow.session.get(Grant, grant_id, populate_existing=True) is None:
        raise GrantNotFoundError
    role = to_grant_view(grant, uow.session.get(Role, grant.role_id) if grant.role_id else None).role
    require_may_give(actor, role, place, covered)
    if place.is_site and role.built_in is BuiltInRole.OWNER:
        require_another_owner(uow, user)
    uow.session.delete(grant)
    uow.session.flush()
    before: dict[str, object] = {"role": role.name, "on": where(uow, place)}
    record(uow, actor, "grant.take", user, bot_id=place.bot_id, before=before)
    uow.record(AccessChanged(user.id))
