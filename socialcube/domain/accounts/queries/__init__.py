"""Reads of people, their sessions, and what they may do."""

from socialcube.domain.accounts.queries.access import (
    has_admin,
    list_admin_names,
    load_actor,
    load_actors,
    load_asker,
)
from socialcube.domain.accounts.queries.people import (
    find_user,
    find_user_by_external_id,
    get_preferences,
    get_user,
    list_users,
)
from socialcube.domain.accounts.queries.roles import find_role, get_role, list_grants, list_roles
from socialcube.domain.accounts.queries.sessions import find_session, list_session_ids, list_sessions

__all__ = [
    "find_role",
    "find_session",
    "find_user",
    "find_user_by_external_id",
    "get_preferences",
    "get_role",
    "get_user",
    "has_admin",
    "list_admin_names",
    "list_grants",
    "list_roles",
    "list_session_ids",
    "list_sessions",
    "list_users",
    "load_actor",
    "load_actors",
    "load_asker",
]
