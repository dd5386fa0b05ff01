"""Names of slash commands and of their options."""

import unicodedata
from typing import Final

LONGEST: Final = 32


def is_name(name: str) -> bool:
    r"""Tell whether a slash command or an option may have this name.

    Discord's rule is `^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$` with lower case where a letter has one.
    """
    return 0 < len(name) <= LONGEST and name == name.lower() and all(_is_name_part(part) for part in name)


def _is_name_part(part: str) -> bool:
    return (
        part in "-_'"
        or unicodedata.category(part)[0] in "LN"
        or "\u0900" <= part <= "\u097f"
        or _is_thai(part)
    )


def _is_thai(part: str) -> bool:
    return "\u0e01" <= part <= "\u0e3a" or "\u0e40" <= part <= "\u0e5b"
