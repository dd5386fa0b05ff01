"""What people may do, folded from all that they were granted."""

from uuid import UUID

from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from socialcube.domain.access.types import Actor, Permission
from socialcube.domain.accounts.models import Grant, User
from socialcube.domain.accounts.policy.roles import holdings_of
from socialcube.domain.accounts.queries.people import find_user
from socialcube.domain.accounts.queries.roles import list_grants
from socialcube.domain.accounts.types import BuiltInRole
from socialcube.kernel.ids import read_id


def load_actor(session: Session, user_id: UUID) -> Actor:
    """Give a person as the one who acts, with all grants folded into one answer.

    Somebody who is switched off, or gone, holds nothing.
    """
    site: set[Permission] = set()
    bots: dict[UUID, frozenset[Permission]] = {}
    user = find_user(session, user_id)
    grants = list_grants(session, user_id=user_id) if user and not user.is_disabled else []
    for grant in grants:
        held = holdings_of(grant.role, grant.bot_id)
        if grant.bot_id is None:
            site |= held
        else:
            bots[grant.bot_id] = bots.get(grant.bot_id, frozenset()) | held
    return Actor.user(user_id, frozenset(site), bots)


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
    return and_(Grant.user_id == User.id, Grant.built_in == BuiltInRole.OWNER, Grant.bot_id.is_(None))
