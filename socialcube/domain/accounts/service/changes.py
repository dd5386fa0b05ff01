"""What changes of people share: locks, the rule of the last owner, the grant itself, and audit rows."""

from uuid import UUID

from sqlalchemy import ColumnElement, select

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor
from socialcube.domain.accounts.errors import LastOwnerError, UserNotFoundError
from socialcube.domain.accounts.events import AccessChanged
from socialcube.domain.accounts.models import AccessGroup, Grant, Role, User
from socialcube.domain.accounts.queries.access import is_owner_grant, is_owning
from socialcube.domain.accounts.queries.places import get_group, list_covered, list_group_names
from socialcube.domain.accounts.queries.roles import get_role
from socialcube.domain.accounts.types import Place, RoleView
from socialcube.domain.audit import service as audit
from socialcube.domain.bots import queries as bots
from socialcube.domain.bots.service import keep_bot
from socialcube.kernel.ids import new_id


def lock_user(uow: UnitOfWork, user_id: UUID) -> User:
    """Get a person whose row nobody else changes until the commit.

    Raises:
        UserNotFoundError: there is none.
    """
    user = uow.session.get(User, user_id, with_for_update=True, populate_existing=True)
    if user is None:
        raise UserNotFoundError(ref=user_id)
    return user


def require_another_owner(uow: UnitOfWork, user: User) -> None:
    """Go on only if the site keeps an owner without this person.

    The grants that make owners are locked first: of two owners who remove each other, one succeeds.

    Raises:
        LastOwnerError: nobody else who can sign in is one.
    """
    uow.session.scalars(select(Grant.id).where(is_owning()).order_by(Grant.id).with_for_update()).all()
    owners = select(User.id).join(Grant, is_owner_grant()).where(User.is_disabled.is_(False))
    ids = set(uow.session.scalars(owners))
    if ids == {user.id}:
        raise LastOwnerError(name=user.display_name or user.name)


def give(  # noqa: PLR0913 - who gives what to whom, where and why
    uow: UnitOfWork,
    actor: Actor,
    user: User,
    role: RoleView,
    place: Place,
    *,
    reason: str = "",
    given_by: str = "",
) -> UUID:
    """Store a grant, unless it is there already. Whether the actor may is the caller's to ask.

    `user` is locked, so that two equal grants at once become one. `given_by` is who decided when that is
    not the one who acts: whoever made an invite.
    """
    role_id = None if role.built_in else role.id
    same = select(Grant.id).where(
        Grant.user_id == user.id,
        Grant.built_in.is_not_distinct_from(role.built_in),
        Grant.role_id.is_not_distinct_from(role_id),
        Grant.bot_id.is_not_distinct_from(place.bot_id),
        Grant.group_id.is_not_distinct_from(place.group_id),
    )
    present = uow.session.scalar(same)
    if present is not None:
        return present
    grant = Grant(
        id=new_id(),
        user_id=user.id,
        built_in=role.built_in,
        role_id=role_id,
        bot_id=place.bot_id,
        group_id=place.group_id,
        granted_by=(given_by or str(actor))[:80],
        created_at=uow.clock.now(),
    )
    uow.session.add(grant)
    uow.session.flush()
    after: dict[str, object] = {
        "role": role.name,
        "on": where(uow, place),
        **({"reason": reason} if reason else {}),
    }
    record(uow, actor, "grant.give", user, bot_id=place.bot_id, after=after)
    uow.record(AccessChanged(user.id))
    return grant.id


def tell_holders(uow: UnitOfWork, condition: ColumnElement[bool]) -> None:
    """Record that whoever has one of these grants may do something else from now on."""
    for user_id in uow.session.scalars(select(Grant.user_id).where(condition).distinct()):
        uow.record(AccessChanged(user_id))


def lock_covered(uow: UnitOfWork, place: Place) -> frozenset[UUID]:
    """Give the bots that a place covers. Until the commit none joins or leaves it, and it does not go."""
    if place.bot_id is not None:
        keep_bot(uow, place.bot_id)
    if place.group_id is not None:
        uow.session.get(AccessGroup, place.group_id, with_for_update={"read": True}, populate_existing=True)
    return list_covered(uow.session, place)


def require_place(uow: UnitOfWork, place: Place) -> None:
    """Go on only if the bot or the group is there.

    Raises:
        BotNotFoundError, GroupNotFoundError: as they say.
    """
    if place.bot_id is not None:
        bots.get_bot(uow.session, place.bot_id)
    if place.group_id is not None:
        get_group(uow.session, place.group_id)


def lock_role(uow: UnitOfWork, role_id: UUID) -> RoleView:
    """Get a role that stays as it is until the commit: nobody gives what it did not hold when asked.

    Raises:
        RoleNotFoundError: there is none.
    """
    uow.session.get(Role, role_id, with_for_update={"read": True}, populate_existing=True)
    return get_role(uow.session, role_id)


def record(  # noqa: PLR0913 - the words of one sentence, as in the audit log itself
    uow: UnitOfWork,
    actor: Actor,
    action: str,
    user: User,
    *,
    bot_id: UUID | None = None,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    """Write the audit row of what happened to a person."""
    named: dict[str, object] = {"name": user.display_name or user.name}
    audit.record(
        uow,
        actor,
        action,
        subject_kind="user",
        subject_id=user.id,
        bot_id=bot_id,
        before=None if before is None else {**named, **before},
        after=None if after is None else {**named, **after},
    )


def where(uow: UnitOfWork, place: Place) -> str:
    """Say where a role holds, for the audit log."""
    if place.bot_id is not None:
        return str(place.bot_id)
    if place.group_id is not None:
        return f"group {list_group_names(uow.session, [place.group_id]).get(place.group_id, place.group_id)}"
    return "site"
