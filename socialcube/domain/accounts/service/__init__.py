"""Writes of people: signing in, sessions, roles, grants and one-time codes."""

from socialcube.domain.accounts.service.codes import (
    make_login_link,
    make_setup_code,
    use_login_link,
    use_setup_code,
)
from socialcube.domain.accounts.service.grants import grant_role, revoke_grant
from socialcube.domain.accounts.service.people import (
    invite_person,
    save_preferences,
    set_disabled,
    sign_in,
)
from socialcube.domain.accounts.service.roles import create_role, delete_role, edit_role
from socialcube.domain.accounts.service.sessions import (
    delete_expired,
    end_all_sessions,
    end_session,
    note_refused_proof,
    open_session,
    renew_session,
    save_session,
)

__all__ = [
    "create_role",
    "delete_expired",
    "delete_role",
    "edit_role",
    "end_all_sessions",
    "end_session",
    "grant_role",
    "invite_person",
    "make_login_link",
    "make_setup_code",
    "note_refused_proof",
    "open_session",
    "renew_session",
    "revoke_grant",
    "save_preferences",
    "save_session",
    "set_disabled",
    "sign_in",
    "use_login_link",
    "use_setup_code",
]
