r"""Discord's rule for names of slash commands and their options.

Source: Discord's documentation, Application Commands, "Application Command Naming":
`^[-_'\p{L}\p{N}\p{sc=Deva}\p{sc=Thai}]{1,32}$`, lower case where a letter has one.
"""

import unicodedata
from typing import Final

MAX_NAME_LENGTH: Final = 32

_SIGNS: Final = frozenset("-_'")

# Python tells a character's category but not its script, and both scripts need their combining signs.
# Ranges of the Unicode Character Database, Scripts.txt, without what it counts to no single script.
_SCRIPTS: Final = (
    (0x0900, 0x0950),
    (0x0955, 0x0963),
    (0x0966, 0x097F),
    (0xA8E0, 0xA8FF),
    (0x11B00, 0x11B09),
    (0x0E01, 0x0E3A),
    (0x0E40, 0x0E5B),
)


def find_name_problem(name: str) -> str | None:
    """Find what keeps a text from being a name, as a sentence for its author."""
    if not 1 <= len(name) <= MAX_NAME_LENGTH:
        return f"A name has 1 to {MAX_NAME_LENGTH} characters; this one has {len(name)}."
    for character in name:
        if not _is_allowed(character):
            return f"A name has letters, digits, -, _ and ' only; {_show(character)} is none of them."
        if character.lower() != character:
            return f"A name is written in small letters: {character.lower()} instead of {character}."
    return None


def _is_allowed(character: str) -> bool:
    return (
        character in _SIGNS
        or unicodedata.category(character)[0] in "LN"
        or any(first <= ord(character) <= last for first, last in _SCRIPTS)
    )


def _show(character: str) -> str:
    if character == " ":
        return "a space"
    return f"“{character}”" if character.isprintable() else f"U+{ord(character):04X}"
