"""Which texts and intents a bot may carry."""

import re
import unicodedata
from collections.abc import Iterable
from typing import Final

from socialcube.domain.bots.errors import (
    InvalidBotDescriptionError,
    InvalidBotNameError,
    InvalidIntentsError,
    InvalidTagsError,
)
from socialcube.domain.bots.types import (
    GUILDS_INTENT,
    MAX_DESCRIPTION_LENGTH,
    MAX_NAME_LENGTH,
    MAX_TAG_LENGTH,
    MAX_TAGS,
)

_MAX_INTENTS: Final = (1 << 53) - 1
_HASH: Final = re.compile(r"[A-Za-z0-9_]{1,64}")
_LINE_BREAKING: Final = frozenset({"Cc", "Cs", "Zl", "Zp"})


def check_name(name: str) -> str:
    """Give the name without surrounding blanks.

    Raises:
        InvalidBotNameError: it is empty, too long or not on one line.
    """
    name = name.strip()
    if not 1 <= len(name) <= MAX_NAME_LENGTH or any(map(_breaks_line, name)):
        raise InvalidBotNameError(max_length=MAX_NAME_LENGTH)
    return name


def check_description(description: str) -> str:
    """Give the description without surrounding blanks.

    Raises:
        InvalidBotDescriptionError: it is too long or holds control characters other than line breaks.
    """
    description = description.replace("\r\n", "\n").strip()
    if len(description) > MAX_DESCRIPTION_LENGTH or any(map(_breaks_line, _without_breaks(description))):
        raise InvalidBotDescriptionError(max_length=MAX_DESCRIPTION_LENGTH)
    return description


def check_intents(intents: int) -> int:
    """Give the intents together with the one that no bot can do without.

    Raises:
        InvalidIntentsError: the number is no bit set that Discord could understand.
    """
    if not 0 <= intents <= _MAX_INTENTS:
        raise InvalidIntentsError(intents=intents)
    return intents | GUILDS_INTENT


def clean_platform_text(text: str, *, max_length: int, fallback: str = "") -> str:
    """Make a text of the platform fit our rules instead of refusing it: nobody here can change it."""
    kept = "".join(" " if _breaks_line(character) else character for character in text)
    return " ".join(kept.split())[:max_length].strip() or fallback


def clean_avatar(avatar: str | None) -> str | None:
    """Give the hash of an avatar or a banner, or None when it is none that could stand in an address."""
    return avatar if avatar and _HASH.fullmatch(avatar) else None


def check_tags(tags: Iterable[str]) -> tuple[str, ...]:
    """Give the tags in lower case, each once, sorted. Blanks inside one become hyphens.

    Raises:
        InvalidTagsError: there are too many, or one is empty, too long, or holds a comma or a control.
    """
    cleaned = sorted({"-".join(tag.lower().split()) for tag in tags})
    if len(cleaned) > MAX_TAGS or not all(_is_tag(tag) for tag in cleaned):
        raise InvalidTagsError(most=MAX_TAGS, max_length=MAX_TAG_LENGTH)
    return tuple(cleaned)


def _is_tag(tag: str) -> bool:
    return 1 <= len(tag) <= MAX_TAG_LENGTH and "," not in tag and tag.isprintable()


def _breaks_line(character: str) -> bool:
    return unicodedata.category(character) in _LINE_BREAKING


def _without_breaks(text: str) -> str:
    return text.replace("\n", " ").replace("\t", " ")
