"""What changes of people share: locks, the rule of the last owner, and audit rows."""

from uuid import UUID

from sqlalchemy import select

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor
from socialcube.domain.accounts.errors import LastOwnerError, UserNotFoundError
from socialcube.domain.accounts.events import AccessChanged
from socialcube.domain.accounts.models import Grant, User
from socialcube.domain.accounts.queries.access import is_owner_grant
from socialcube.domain.accounts.types import BuiltInRole, RoleView
from socialcube.domain.audit import service as audit
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
    owning = (Grant.built_in == BuiltInRole.OWNER, Grant.bot_id.is_(None))
    uow.session.scalars(select(Grant.id).where(*owning).order_by(Grant.id).with_for_update()).all()
    owners = select(User.id).join(Grant, is_owner_grant()).where(User.is_disabled.is_(False))
    ids = set(uow.session.scalars(owners))
    if ids == {user.id}:
        raise LastOwnerError(name=user.display_name or user.name)


def give(  # noqa: PLR0913 - who gives what to whom, where and why
    uow: UnitOfWork, actor: Actor, user: User, role: RoleView, bot_id: UUID | None, *, reason: str = ""
) -> UUID:
    """Store a grant, unless it is there already. Whether the actor may is the caller's to ask.

    `user` is locked, so that two equal grants at once become one.
    """
    role_id = None if role.built_in else role.id
    same = select(Grant.id).where(
        Grant.user_id == user.id,
        Grant.built_in.is_not_distinct_from(role.built_in),
        Grant.role_id.is_not_distinct_from(role_id),
        Grant.bot_id.is_not_distinct_from(bot_id),
    )
    present = uow.session.scalar(same)
    if present is not None:
        return present
    grant = Grant(
        id=new_id(),
        user_id=user.id,
        built_in=role.built_in,
        role_id=role_id,
        bot_id=bot_id,
        granted_by=str(actor)[:80],
        created_at=uow.clock.now(),
    )
    uow.session.add(grant)
    uow.session.flush()
    after: dict[str, object] = {
        "role": role.name,
        "on": where(bot_id),
        **({"reason": reason} if reason else {}),
    }
    record(uow, actor, "grant.give", user, bot_id=bot_id, after=after)
    uow.record(AccessChanged(user.id))
    return grant.id


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


def where(bot_id: UUID | None) -> str:
    """Say where a role holds, for the audit log."""
    return "site" if bot_id is None else str(bot_id)
