"""Writes of people: signing in, sessions, roles, groups, grants, invites and one-time codes."""

from socialcube.domain.accounts.service.changes import lock_user
from socialcube.domain.accounts.service.codes import (
    make_login_link,
    make_setup_code,
    use_login_link,
    use_setup_code,
)
from socialcube.domain.accounts.service.erasing import erase_person
from socialcube.domain.accounts.service.grants import entrust_bot, grant_role, revoke_grant
from socialcube.domain.accounts.service.groups import create_group, delete_group, edit_group
from socialcube.domain.accounts.service.invites import NewInvite, accept_invite, cancel_invite, make_invite
from socialcube.domain.accounts.service.people import (
    bring_person,
    invite_person,
    save_preferences,
    set_disabled,
    sign_in,
)
from socialcube.domain.accounts.service.roles import create_role, delete_role, edit_role
from socialcube.domain.accounts.service.sessions import (
    delete_expired,
    end_all_sessions,
    end_other_sessions,
    end_session,
    note_refused_proof,
    open_session,
    renew_session,
    save_session,
)

__all__ = [
    "NewInvite",
    "accept_invite",
    "bring_person",
    "cancel_invite",
    "create_group",
    "create_role",
    "delete_expired",
    "delete_group",
    "delete_role",
    "edit_group",
    "edit_role",
    "end_all_sessions",
    "end_other_sessions",
    "end_session",
    "entrust_bot",
    "erase_person",
    "grant_role",
    "invite_person",
    "lock_user",
    "make_invite",
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
