"""Rules and words about what people see of a bot on the platform."""

from typing import Final

from socialcube.domain.bots.errors import InvalidProfileNameError
from socialcube.domain.bots.types import ProfileField
from socialcube.kernel.text import is_one_line

MIN_PROFILE_NAME: Final = 2
MAX_PROFILE_NAME: Final = 32
"""Bounds of a username (Discord docs, User, "Usernames and Nicknames")."""

_TOO_FAST: Final = {
    ProfileField.NAME: "Discord lets a bot change its name only twice an hour. Try again in an hour.",
    ProfileField.AVATAR: "Discord lets a bot change its picture only now and then. Try again in ten minutes.",
    ProfileField.BANNER: "Discord lets a bot change its banner only now and then. Try again in ten minutes.",
}
_TOO_MANY_REQUESTS: Final = 429
_PLACES: Final = ("username: ", "avatar: ", "banner: ")


def check_profile_name(name: str) -> str:
    """Give the name without surrounding blanks. Which words Discord does not take, it says itself.

    Raises:
        InvalidProfileNameError: it is too short, too long or not on one line.
    """
    name = name.strip()
    if not MIN_PROFILE_NAME <= len(name) <= MAX_PROFILE_NAME or not is_one_line(name):
        raise InvalidProfileNameError(least=MIN_PROFILE_NAME, most=MAX_PROFILE_NAME)
    return name


def say_refusal(field: ProfileField, status: int, reason: str) -> str:
    """Say in plain words why the platform did not take a part of a profile, and what to do.

    Args:
        field: the part.
        status: HTTP status of the refusal.
        reason: the platform's own words, with the place before each.
    """
    # Discord tells of its limit in a sentence beside the field, with status 400, or by 429.
    if status == _TOO_MANY_REQUESTS or "too fast" in reason or "RATE_LIMIT" in reason:
        return _TOO_FAST[field]
    words = reason.partition("; ")[2] or reason
    for place in _PLACES:
        words = words.removeprefix(place)
    return f"Discord does not take it: {words.strip().rstrip('.')}. Change it and save again."
