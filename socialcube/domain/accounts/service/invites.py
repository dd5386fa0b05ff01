"""Invites: links that give whoever accepts them first a role, never more than their maker holds then."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID

from sqlalchemy import delete

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor
from socialcube.domain.accounts.errors import (
    InviteGoneError,
    InviteNotFoundError,
    RoleNotFoundError,
    UserDisabledError,
)
from socialcube.domain.accounts.models import Invite, Role
from socialcube.domain.accounts.policy.codes import hash_code, make_code
from socialcube.domain.accounts.policy.giving import may_give, require_may_give, require_may_manage
from socialcube.domain.accounts.policy.groups import check_invite_time, check_note
from socialcube.domain.accounts.queries.access import load_asker
from socialcube.domain.accounts.queries.invites import find_invite, find_offer, to_invite_view
from socialcube.domain.accounts.queries.places import list_covered
from socialcube.domain.accounts.service.changes import (
    give,
    lock_covered,
    lock_role,
    lock_user,
    require_place,
    where,
)
from socialcube.domain.accounts.types import INVITE_TIME, CodeKind, InviteView, Place, RoleView
from socialcube.domain.audit import service as audit
from socialcube.kernel.ids import new_id
from socialcube.kernel.secrets import Secret


@dataclass(frozen=True, slots=True)
class NewInvite:
    """An invite that was just made. Its code is shown once: nothing can find it again."""

    id: UUID
    code: Secret


def make_invite(  # noqa: PLR0913 - what the link gives, where, for how long and for whom
    uow: UnitOfWork,
    actor: Actor,
    *,
    role_id: UUID,
    bot_id: UUID | None = None,
    group_id: UUID | None = None,
    life: timedelta = INVITE_TIME,
    note: str = "",
) -> NewInvite:
    """Make a link that gives a role on a bot, a group or the site to whoever accepts it first.

    Raises:
        ForbiddenError, NotYoursToGiveError: the actor could not give this role there itself.
        RoleNotFoundError, BotNotFoundError, GroupNotFoundError, InvalidInviteError: as they say.
    """
    place = Place(bot_id, group_id)
    covered = lock_covered(uow, place)
    require_may_manage(actor, place, covered)
    role = lock_role(uow, role_id)
    require_may_give(actor, role, place, covered)
    require_place(uow, place)
    code, now = make_code(CodeKind.INVITE), uow.clock.now()
    row = Invite(
        id=new_id(),
        code_hash=hash_code(CodeKind.INVITE, code.reveal()),
        built_in=role.built_in,
        role_id=None if role.built_in else role.id,
        bot_id=bot_id,
        group_id=group_id,
        note=check_note(note),
        made_by=str(actor)[:80],
        created_at=now,
        expires_at=now + check_invite_time(life),
    )
    uow.session.add(row)
    uow.session.flush()
    facts = _facts_of(uow, to_invite_view(row, uow.session.get(Role, role_id)))
    _record(uow, actor, "invite.make", row.id, place, after={**facts, "until": row.expires_at.isoformat()})
    return NewInvite(row.id, code)


def cancel_invite(uow: UnitOfWork, actor: Actor, invite_id: UUID) -> None:
    """Let an invite work no more.

    Raises:
        InviteNotFoundError: it was accepted or cancelled, or its time is over.
        ForbiddenError: the actor manages nobody there.
    """
    invite = find_invite(uow.session, invite_id, uow.clock.now())
    if invite is None:
        raise InviteNotFoundError
    require_may_manage(actor, invite.place, list_covered(uow.session, invite.place))
    gone = delete(Invite).where(Invite.id == invite_id).returning(Invite.id)
    if uow.session.execute(gone.execution_options(synchronize_session=False)).one_or_none() is None:
        raise InviteNotFoundError
    _record(uow, actor, "invite.cancel", invite.id, invite.place, before=_facts_of(uow, invite))


def accept_invite(
    uow: UnitOfWork, user_id: UUID, code: str, *, address: str = "", request_id: str = ""
) -> InviteView:
    """Give a signed-in person what the link offers. Of several who accept one at once, one gets it.

    Returns:
        What was accepted.

    Raises:
        InviteGoneError: wrong, used, cancelled, too old, or its maker may not give that any more.
        UserNotFoundError, UserDisabledError: as they say.
    """
    invite = find_offer(uow.session, code, uow.clock.now())
    if invite is None:
        raise InviteGoneError
    # Whoever deletes the place or the role locks that first and the invite last, so it is the same here.
    covered = lock_covered(uow, invite.place)
    maker = load_asker(uow.session, invite.made_by)
    role = _lock_offered(uow, invite)
    if not may_give(maker, role, invite.place, covered):
        raise InviteGoneError
    user = lock_user(uow, user_id)
    if user.is_disabled:
        raise UserDisabledError(name=user.display_name or user.name)
    _take(uow, invite)
    actor = Actor("user", str(user_id), request_id=request_id, address=address)
    _record(uow, actor, "invite.accept", invite.id, invite.place, before=_facts_of(uow, invite))
    give(uow, actor, user, role, invite.place, reason="invite", given_by=invite.made_by)
    return invite


def _lock_offered(uow: UnitOfWork, invite: InviteView) -> RoleView:
    """Get the role as it is now: it may have grown since the link was made, or be gone since it was read."""
    try:
        return lock_role(uow, invite.role.id)
    except RoleNotFoundError:
        raise InviteGoneError from None


def _take(uow: UnitOfWork, invite: InviteView) -> None:
    """Take an invite away, which only one can."""
    statement = delete(Invite).where(Invite.id == invite.id).returning(Invite.id)
    taken = uow.session.scalars(statement.execution_options(synchronize_session=False)).one_or_none()
    if taken is None:
        raise InviteGoneError


def _facts_of(uow: UnitOfWork, invite: InviteView) -> dict[str, object]:
    return {"role": invite.role.name, "on": where(uow, invite.place), "invitee": invite.note}


def _record(  # noqa: PLR0913 - the words of one sentence
    uow: UnitOfWork,
    actor: Actor,
    action: str,
    invite_id: UUID,
    place: Place,
    *,
    before: dict[str, object] | None = None,
    after: dict[str, object] | None = None,
) -> None:
    audit.record(
        uow,
        actor,
        action,
        subject_kind="invite",
        subject_id=invite_id,
        bot_id=place.bot_id,
        before=before,
        after=after,
    )
