"""What people may do, folded from all that they were granted."""

from collections.abc import Collection, Iterable, Mapping
from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from socialcube.domain.access.types import Actor, Permission
from socialcube.domain.accounts.models import Grant, Role, User
from socialcube.domain.accounts.policy.giving import holdings_of
from socialcube.domain.accounts.queries.grants import to_grant_view
from socialcube.domain.accounts.queries.places import list_bots_of
from socialcube.domain.accounts.types import BuiltInRole, GrantView
from socialcube.kernel.ids import read_id


def load_actor(session: Session, user_id: UUID) -> Actor:
    """Give a person as the one who acts, with all grants folded into one answer.

    Somebody who is switched off, or gone, holds nothing.
    """
    return load_actors(session, [user_id])[user_id]


def load_actors(session: Session, user_ids: Collection[UUID]) -> dict[UUID, Actor]:
    """Give several people as those who act. Each of them is in the answer.

    One read of what was granted, and one more of the bots if anything was granted on groups.
    """
    statement = (
        select(Grant, Role)
        .join(User, User.id == Grant.user_id)
        .outerjoin(Role, Role.id == Grant.role_id)
        .where(Grant.user_id.in_(user_ids), User.is_disabled.is_(False))
        .execution_options(populate_existing=True)
    )
    grants: dict[UUID, list[GrantView]] = {user_id: [] for user_id in user_ids}
    for grant, role in session.execute(statement):
        grants[grant.user_id].append(to_grant_view(grant, role))
    groups = {grant.group_id for found in grants.values() for grant in found if grant.group_id}
    bots = list_bots_of(session, groups)
    return {user_id: _fold(user_id, found, bots) for user_id, found in grants.items()}


def load_asker(session: Session, asked_by: str) -> Actor:
    """Give whoever asked for a job, as `str(actor)` noted it, with what they hold *now*.

    A person who is gone holds nothing, and neither does a kind that asks for nothing in its own name.
    """
    kind, _, who = asked_by.partition(":")
    match kind:
        case "user" if user_id := read_id(who):
            return load_actor(session, user_id)
        case "cli":
            return Actor.cli(who)
        case "system":
            return Actor.system(who)
        case _:
            return Actor(kind, who)


def has_admin(session: Session) -> bool:
    """Tell whether somebody who can sign in manages the site."""
    return bool(list_admin_names(session))


def list_admin_names(session: Session) -> list[str]:
    """List the names of the site's owners, for those who need to ask one."""
    statement = select(User.display_name, User.name).join(Grant, is_owner_grant()).order_by(User.name)
    rows = session.execute(statement.where(User.is_disabled.is_(False)).distinct())
    return [shown or name for shown, name in rows]


def is_owner_grant() -> ColumnElement[bool]:
    """Give the condition that joins a person with the grant that makes an owner of the site."""
    return and_(Grant.user_id == User.id, is_owning())


def is_owning() -> ColumnElement[bool]:
    """Give the condition of a grant that makes an owner of the site."""
    return and_(Grant.built_in == BuiltInRole.OWNER, Grant.bot_id.is_(None), Grant.group_id.is_(None))


def _fold(user_id: UUID, grants: Iterable[GrantView], bots_of: Mapping[UUID, frozenset[UUID]]) -> Actor:
    site: set[Permission] = set()
    bots: dict[UUID, frozenset[Permission]] = {}
    for grant in grants:
        held = holdings_of(grant.role, grant.place)
        if grant.place.is_site:
            site |= held
        for bot_id in bots_of[grant.group_id] if grant.group_id else [grant.bot_id]:
            if bot_id is not None:
                known = bots.get(bot_id, held)
                # Most bots of a group have one role from it: all of them share one set.
                bots[bot_id] = known if held <= known else known | held
    return Actor.user(user_id, frozenset(site), bots)
