"""Reads of invites. One whose time is over is not there for anybody."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from socialcube.domain.access.types import Scope
from socialcube.domain.accounts.models import Invite, Role
from socialcube.domain.accounts.policy.codes import hash_code
from socialcube.domain.accounts.policy.giving import may_give
from socialcube.domain.accounts.queries.access import load_asker
from socialcube.domain.accounts.queries.grants import is_within
from socialcube.domain.accounts.queries.places import list_covered
from socialcube.domain.accounts.queries.roles import role_of
from socialcube.domain.accounts.types import CodeKind, InviteView, Place


def list_invites(session: Session, now: datetime, *, scope: Scope) -> list[InviteView]:
    """List the open invites of a scope, the newest first: to its bots, and to groups of which all bots are.

    Those to the site, and to groups without bots, belong to the scope of every bot alone.
    """
    rows = session.execute(_open(now).where(is_within(Invite, scope)).order_by(Invite.id.desc()))
    return [to_invite_view(invite, role) for invite, role in rows]


def list_invites_to(session: Session, now: datetime, place: Place) -> list[InviteView]:
    """List the open invites to one place, the newest first."""
    found = _open(now).where(
        Invite.bot_id.is_not_distinct_from(place.bot_id), Invite.group_id.is_not_distinct_from(place.group_id)
    )
    return [
        to_invite_view(invite, role) for invite, role in session.execute(found.order_by(Invite.id.desc()))
    ]


def find_invite(session: Session, invite_id: UUID, now: datetime) -> InviteView | None:
    """Find an open invite by its key."""
    row = session.execute(_open(now).where(Invite.id == invite_id)).first()
    return None if row is None else to_invite_view(*row)


def find_offer(session: Session, code: str, now: datetime) -> InviteView | None:
    """Find what the link with this code offers.

    None when there is none, it is too old, or whoever made it may not give that any more: all look alike.
    """
    row = session.execute(_open(now).where(Invite.code_hash == hash_code(CodeKind.INVITE, code))).first()
    if row is None:
        return None
    invite = to_invite_view(*row)
    maker = load_asker(session, invite.made_by)
    covered = list_covered(session, invite.place)
    return invite if may_give(maker, invite.role, invite.place, covered) else None


def to_invite_view(invite: Invite, role: Role | None) -> InviteView:
    """Copy a row. `role` is the one it names, None when it names a built-in one."""
    return InviteView(
        id=invite.id,
        role=role_of(invite.built_in, role),
        place=Place(invite.bot_id, invite.group_id),
        note=invite.note,
        made_by=invite.made_by,
        created_at=invite.created_at,
        expires_at=invite.expires_at,
    )


def _open(now: datetime) -> Select[Invite, Role]:
    statement = select(Invite, Role).outerjoin(Role, Role.id == Invite.role_id)
    return statement.where(Invite.expires_at > now).execution_options(populate_existing=True)
