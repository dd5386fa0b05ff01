"""How groups of bots and invites may look."""

from datetime import timedelta

from socialcube.domain.accounts.errors import InvalidGroupError, InvalidInviteError
from socialcube.domain.accounts.policy.profiles import clean_name
from socialcube.domain.accounts.types import (
    MAX_GROUP_BOTS,
    MAX_GROUP_DESCRIPTION_LENGTH,
    MAX_GROUP_NAME_LENGTH,
    MAX_INVITE_TIME,
    MAX_NOTE_LENGTH,
    MIN_INVITE_TIME,
)
from socialcube.kernel.text import one_line


def check_group_name(name: str) -> str:
    """Give the name on one line without surrounding blanks.

    Raises:
        InvalidGroupError: it is empty or too long.
    """
    name = one_line(name, MAX_GROUP_NAME_LENGTH + 1).strip()
    if not 1 <= len(name) <= MAX_GROUP_NAME_LENGTH:
        raise InvalidGroupError(reason=f"its name needs 1 to {MAX_GROUP_NAME_LENGTH} characters")
    return name


def check_group_description(description: str) -> str:
    """Give the description on one line without surrounding blanks.

    Raises:
        InvalidGroupError: it is too long.
    """
    description = one_line(description, MAX_GROUP_DESCRIPTION_LENGTH + 1).strip()
    if len(description) > MAX_GROUP_DESCRIPTION_LENGTH:
        raise InvalidGroupError(reason=f"its description has over {MAX_GROUP_DESCRIPTION_LENGTH} characters")
    return description


def check_group_size(count: int) -> None:
    """Go on only if a group of so many bots can be asked about at each request.

    Raises:
        InvalidGroupError: there are too many.
    """
    if count > MAX_GROUP_BOTS:
        raise InvalidGroupError(reason=f"it has more than {MAX_GROUP_BOTS} bots, make two groups of them")


def check_invite_time(life: timedelta) -> timedelta:
    """Give how long an invite works.

    Raises:
        InvalidInviteError: too short to be read, or too long to be remembered.
    """
    if not MIN_INVITE_TIME <= life <= MAX_INVITE_TIME:
        raise InvalidInviteError(reason="it works for 1 hour to 30 days")
    return life


def check_note(note: str) -> str:
    """Give what somebody noted about an invite, on one line."""
    return clean_name(note)[:MAX_NOTE_LENGTH]
