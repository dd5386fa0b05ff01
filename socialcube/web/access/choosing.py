"""Places and roles that forms offer, and what was chosen in them."""

from uuid import UUID

from flask import g
from sqlalchemy.orm import Session

from socialcube.domain.access.policy import can, scope
from socialcube.domain.access.types import Actor, Permission, Subject
from socialcube.domain.accounts import queries
from socialcube.domain.accounts.errors import GroupNotFoundError
from socialcube.domain.accounts.policy.giving import holds_at, may_give
from socialcube.domain.accounts.types import GroupView, Place, RoleView
from socialcube.domain.bots import queries as bots
from socialcube.kernel.errors import InvalidInputError
from socialcube.kernel.ids import read_id
from socialcube.web import denials, identity
from socialcube.web.context import services

SITE = "site"


class NoPlaceError(InvalidInputError):
    """It is not said where the role is to hold."""

    code = "no_place"
    remedy = "Choose a bot, a group or the whole site."


def place_choices(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """Give where the actor may give roles, as value and words: the site, groups, then bots by name."""
    within = scope(actor, Permission.MEMBER_MANAGE)
    found = [(SITE, "The whole site, with every bot")] if can(actor, Permission.SITE_ADMIN) else []
    groups = queries.list_groups_within(session, within)
    found += [(f"group:{group.id}", f"{group.name} · group of {len(group.bot_ids)}") for group in groups]
    return found + [(f"bot:{bot.id}", bot.name) for bot in bots.list_bots(session, scope=within)]


def read_place(text: str) -> Place:
    """Read what `place_choices` offered.

    Raises:
        NoPlaceError: it is nothing of that.
    """
    if text == SITE:
        return Place()
    kind, _, key = text.partition(":")
    found = read_id(key)
    if found is None or kind not in {"bot", "group"}:
        raise NoPlaceError
    return Place(bot_id=found) if kind == "bot" else Place(group_id=found)


def list_giveable(session: Session, actor: Actor, place: Place) -> list[RoleView]:
    """List the roles that somebody can give at a place: built-in ones, the smallest first, then others."""
    covered = queries.list_covered(session, place)
    roles = queries.list_roles(session)
    ordered = [
        *(role for role in reversed(roles) if role.built_in),
        *(role for role in roles if not role.built_in),
    ]
    return [role for role in ordered if may_give(actor, role, place, covered)]


def giveable_choices(session: Session, actor: Actor) -> list[tuple[str, str]]:
    """Give the roles that the actor can give somewhere, as key and name."""
    within = scope(actor, Permission.MEMBER_MANAGE)
    return [
        (str(role.id), role.name)
        for role in queries.list_roles(session)
        if within.is_all or any(may_give(actor, role, Place(bot_id), [bot_id]) for bot_id in within.bot_ids)
    ]


def get_group(group_id: UUID) -> GroupView:
    """Get a group whose members the person at hand manages.

    Raises:
        GroupNotFoundError: there is none, or it has a bot whose members the person does not manage.
    """
    session, actor = services().session(), identity.actor()
    group = queries.find_group(session, group_id)
    needed = Permission.MEMBER_MANAGE
    if group is not None and holds_at(actor, needed, Place(group_id=group_id), group.bot_ids):
        return group
    if group is not None:
        denials.note_denied(needed, Subject("group", str(group_id)))
    raise GroupNotFoundError(ref=group_id)


def group_name(group_id: UUID) -> str:
    """Name a group; all names are read once for a request."""
    if "group_names" not in g:
        g.group_names = {group.id: group.name for group in queries.list_groups(services().session())}
    return str(g.group_names.get(group_id, "a deleted group"))
