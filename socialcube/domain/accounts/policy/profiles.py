"""What is taken over from a person's profile, and which preferences there are."""

import re
import unicodedata
from typing import Final
from zoneinfo import available_timezones

from socialcube.domain.accounts.errors import InvalidExternalIdError, InvalidPreferencesError
from socialcube.domain.accounts.types import MAX_EXTERNAL_ID, MAX_NAME_LENGTH, Preferences, Profile, Theme
from socialcube.kernel.text import one_line

_HASH: Final = re.compile(r"[A-Za-z0-9_]{1,64}")
_LOCALE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,2}")
_MAX_LOCALE: Final = 16
# Holds families and professions of emoji together, and is harmless there.
_JOINER: Final = "\u200d"


def clean_profile(profile: Profile) -> Profile:
    """Make a profile fit our columns instead of refusing it: nobody here can change it.

    Raises:
        InvalidExternalIdError: its id is none.
    """
    external_id = check_external_id(profile.external_id)
    name = clean_name(profile.name) or str(external_id)
    return Profile(
        external_id=external_id,
        name=name,
        display_name=clean_name(profile.display_name) or name,
        avatar=profile.avatar if profile.avatar and _HASH.fullmatch(profile.avatar) else None,
    )


def clean_name(name: str) -> str:
    """Give a name on one line, without characters that cannot be seen but turn the text around them."""
    visible = (character for character in name[: MAX_NAME_LENGTH * 4] if not _is_hidden(character))
    return one_line(" ".join("".join(visible).split()), MAX_NAME_LENGTH).strip()


def check_external_id(external_id: int) -> int:
    """Give the id of a person on the platform.

    Raises:
        InvalidExternalIdError: it is no id, or greater than the database keeps.
    """
    if not 1 <= external_id <= MAX_EXTERNAL_ID:
        raise InvalidExternalIdError(external_id=external_id)
    return external_id


def check_preferences(preferences: Preferences) -> Preferences:
    """Give the preferences if they can be followed.

    Raises:
        InvalidPreferencesError: a theme, locale or time zone is none.
    """
    locale, time_zone = preferences.locale, preferences.time_zone
    if preferences.theme not in frozenset(Theme):
        raise InvalidPreferencesError(kind="theme", value=one_line(preferences.theme, _MAX_LOCALE))
    if locale and not (len(locale) <= _MAX_LOCALE and _LOCALE.fullmatch(locale)):
        raise InvalidPreferencesError(kind="language", value=one_line(locale, _MAX_LOCALE))
    if time_zone and time_zone not in available_timezones():
        raise InvalidPreferencesError(kind="time zone", value=one_line(time_zone, 64))
    return preferences


def _is_hidden(character: str) -> bool:
    # Line breaks are blanks that `split` takes; the other controls and format characters go.
    if character == _JOINER or character.isspace():
        return False
    return unicodedata.category(character) in {"Cc", "Cf", "Cs"}
