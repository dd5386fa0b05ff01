"""How people get roles and lose them."""

from uuid import UUID

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.policy import require
from socialcube.domain.access.types import Actor
from socialcube.domain.accounts.errors import GrantNotFoundError
from socialcube.domain.accounts.events import AccessChanged
from socialcube.domain.accounts.models import Grant, Role
from socialcube.domain.accounts.policy.roles import manager_of, require_may_give
from socialcube.domain.accounts.queries.roles import get_role, to_grant_view
from socialcube.domain.accounts.service.changes import (
    give,
    lock_user,
    record,
    require_another_owner,
    where,
)
from socialcube.domain.accounts.types import BuiltInRole
from socialcube.domain.bots import queries as bots


def grant_role(
    uow: UnitOfWork, actor: Actor, *, user_id: UUID, role_id: UUID, bot_id: UUID | None = None
) -> UUID:
    """Give a person a role on one bot, or on the site with every bot. Giving it twice is giving it once.

    Returns:
        The grant's key.

    Raises:
        ForbiddenError: the actor manages nobody there.
        NotYoursToGiveError: the role gives more than the actor has.
        UserNotFoundError, RoleNotFoundError, BotNotFoundError: as they say.
    """
    require(actor, *manager_of(bot_id))
    # The role stays as it is until the commit, so that nobody gives what it did not hold when asked.
    uow.session.get(Role, role_id, with_for_update={"read": True}, populate_existing=True)
    role = get_role(uow.session, role_id)
    require_may_give(actor, role, bot_id)
    if bot_id is not None:
        bots.get_bot(uow.session, bot_id)
    return give(uow, actor, lock_user(uow, user_id), role, bot_id)


def revoke_grant(uow: UnitOfWork, actor: Actor, grant_id: UUID) -> None:
    """Take a role back.

    Raises:
        ForbiddenError, NotYoursToGiveError: as with giving it.
        GrantNotFoundError, LastOwnerError: as they say.
    """
    grant = uow.session.get(Grant, grant_id)
    if grant is None:
        raise GrantNotFoundError
    require(actor, *manager_of(grant.bot_id))
    user = lock_user(uow, grant.user_id)
    # Whoever changes grants of this person holds that lock; another one may have been quicker.
    if uow.session.get(Grant, grant_id, populate_existing=True) is None:
        raise GrantNotFoundError
    role = to_grant_view(grant, uow.session.get(Role, grant.role_id) if grant.role_id else None).role
    require_may_give(actor, role, grant.bot_id)
    if grant.bot_id is None and role.built_in is BuiltInRole.OWNER:
        require_another_owner(uow, user)
    uow.session.delete(grant)
    uow.session.flush()
    record(
        uow,
        actor,
        "grant.take",
        user,
        bot_id=grant.bot_id,
        before={"role": role.name, "on": where(grant.bot_id)},
    )
    uow.record(AccessChanged(user.id))
