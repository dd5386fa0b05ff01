"""What can go wrong with people, roles and codes."""

from socialcube.kernel.errors import ConflictError, ForbiddenError, InvalidInputError, NotFoundError


class UserNotFoundError(NotFoundError):
    """There is no person {ref} here."""

    code = "user_not_found"
    remedy = "`flask --app wsgi users list` shows everybody. Invite people by their Discord id."


class UserExistsError(ConflictError):
    """{name} is here already."""

    code = "user_exists"
    remedy = "Grant a role instead."


class UserDisabledError(ForbiddenError):
    """The account of {name} is switched off."""

    code = "user_disabled"
    remedy = "Ask somebody who manages this site to switch it on again."


class SessionNotFoundError(NotFoundError):
    """This sign-in is over."""

    code = "session_not_found"
    remedy = "Sign in again."


class RoleNotFoundError(NotFoundError):
    """There is no role {ref}."""

    code = "role_not_found"
    remedy = "`flask --app wsgi users roles` shows them all."


class DuplicateRoleError(ConflictError):
    """There is a role called {name} already."""

    code = "duplicate_role"
    remedy = "Choose another name."


class BuiltInRoleError(ConflictError):
    """{name} is a built-in role: it cannot be changed or deleted."""

    code = "built_in_role"
    remedy = "Make a role of your own with the permissions you want."


class RoleInUseError(ConflictError):
    """{name} cannot be deleted while people have it: {count}."""

    code = "role_in_use"
    remedy = "Take it from them first, or give them another one."


class GroupNotFoundError(NotFoundError):
    """There is no group {ref}."""

    code = "group_not_found"
    remedy = "Look at the list of groups: it may have another name now."


class DuplicateGroupError(ConflictError):
    """There is a group called {name} already."""

    code = "duplicate_group"
    remedy = "Choose another name."


class InvalidGroupError(InvalidInputError):
    """This group cannot be saved: {reason}."""

    code = "invalid_group"


class GroupInUseError(ConflictError):
    """{name} cannot be deleted while people have a role on it: {count}."""

    code = "group_in_use"
    remedy = "Take these roles back first, or give them on the bots themselves."


class InviteGoneError(NotFoundError):
    """This invite does not work: it was used or cancelled, is too old, or the link is not complete."""

    code = "invite_gone"
    remedy = "Ask whoever sent it to you for a new one."


class InviteNotFoundError(NotFoundError):
    """This invite was accepted or cancelled already, or its time is over."""

    code = "invite_not_found"


class InvalidInviteError(InvalidInputError):
    """This invite cannot be made: {reason}."""

    code = "invalid_invite"


class GrantNotFoundError(NotFoundError):
    """This role was taken back already."""

    code = "grant_not_found"


class LastOwnerError(ConflictError):
    """{name} is the last owner of this site, and without one nobody could manage it."""

    code = "last_owner"
    remedy = "Make somebody else owner first."


class NotYoursToGiveError(ForbiddenError):
    """You can give or take only what you hold there yourself. You may not: {permissions}."""

    code = "not_yours_to_give"
    remedy = "Choose a smaller role, or ask an owner."


class InvalidExternalIdError(InvalidInputError):
    """{external_id} is no Discord id."""

    code = "invalid_external_id"
    remedy = "It is a number of 17 to 19 digits: in Discord switch on developer mode, then Copy User ID."


class InvalidRoleError(InvalidInputError):
    """This role cannot be saved: {reason}."""

    code = "invalid_role"


class InvalidPreferencesError(InvalidInputError):
    """There is no {kind} called {value}."""

    code = "invalid_preferences"
    remedy = "Choose one from the list."


class SetupClosedError(ForbiddenError):
    """This site has an owner already, so no setup code works any more."""

    code = "setup_closed"
    remedy = "Sign in, and ask an owner for a role."


class CodeRefusedError(ForbiddenError):
    """This code is wrong, was used before, or is too old."""

    code = "code_refused"
    remedy = "Look whether it is typed right, or ask for a new one."
