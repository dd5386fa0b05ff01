"""Reads of people, their sessions, and what they may do."""

from socialcube.domain.accounts.queries.access import (
    has_admin,
    list_admin_names,
    load_actor,
    load_actors,
    load_asker,
)
from socialcube.domain.accounts.queries.grants import find_grant, list_grants
from socialcube.domain.accounts.queries.holders import count_holders, list_group_holders, list_holders
from socialcube.domain.accounts.queries.invites import find_invite, find_offer, list_invites, list_invites_to
from socialcube.domain.accounts.queries.people import (
    count_users,
    find_user,
    find_user_by_external_id,
    get_preferences,
    get_user,
    list_users,
    list_users_by_id,
    list_visible,
    walk_users,
)
from socialcube.domain.accounts.queries.places import (
    find_group,
    get_group,
    list_bots_of,
    list_covered,
    list_group_names,
    list_groups,
    list_groups_within,
)
from socialcube.domain.accounts.queries.roles import find_role, get_role, list_roles
from socialcube.domain.accounts.queries.sessions import find_session, list_session_ids, list_sessions

__all__ = [
    "count_holders",
    "count_users",
    "find_grant",
    "find_group",
    "find_invite",
    "find_offer",
    "find_role",
    "find_session",
    "find_user",
    "find_user_by_external_id",
    "get_group",
    "get_preferences",
    "get_role",
    "get_user",
    "has_admin",
    "list_admin_names",
    "list_bots_of",
    "list_covered",
    "list_grants",
    "list_group_holders",
    "list_group_names",
    "list_groups",
    "list_groups_within",
    "list_holders",
    "list_invites",
    "list_invites_to",
    "list_roles",
    "list_session_ids",
    "list_sessions",
    "list_users",
    "list_users_by_id",
    "list_visible",
    "load_actor",
    "load_actors",
    "load_asker",
    "walk_users",
]
