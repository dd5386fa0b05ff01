"""The list of people, as mappings from the column's name."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from socialcube.domain.access.types import Scope
from socialcube.domain.accounts import queries as accounts
from socialcube.domain.accounts.types import GrantView, Place, UserView
from socialcube.domain.bots import queries as bots

_AT_ONCE: Final = 500


def list_people(session: Session, _scope: Scope, text: str) -> Iterator[Mapping[str, object]]:
    """List everybody by name, with all roles of each."""
    bot_names = {bot.id: bot.name for bot in bots.list_bots(session)}
    group_names = {group.id: group.name for group in accounts.list_groups(session)}
    for users in accounts.walk_users(session, text, _AT_ONCE):
        grants = defaultdict[UUID, list[GrantView]](list)
        for grant in accounts.list_grants(session, user_ids=[user.id for user in users]):
            grants[grant.user_id].append(grant)
        for user in users:
            roles = (
                f"{grant.role.name} on {_name(grant.place, bot_names, group_names)}"
                for grant in grants[user.id]
            )
            yield _line(user, "; ".join(roles))


def _line(user: UserView, roles: str) -> Mapping[str, object]:
    return {
        "name": user.display_name,
        "user_name": user.name,
        "external_id": user.external_id,
        "account": _account(user),
        "roles": roles,
        "last_seen_at": user.last_seen_at,
        "created_at": user.created_at,
        "id": user.id,
    }


def _account(user: UserView) -> str:
    if user.is_disabled:
        return "switched off"
    return "may sign in" if user.last_seen_at else "never signed in"


def _name(place: Place, bot_names: Mapping[UUID, str], group_names: Mapping[UUID, str]) -> str:
    if place.bot_id is not None:
        return bot_names.get(place.bot_id, "a deleted bot")
    return f"the group {group_names.get(place.group_id, '')}" if place.group_id else "the whole site"
