"""A picture's address on the platform: of what, whose, and which version."""

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

_HASH: Final = re.compile(r"(?:a_)?[0-9a-f]{32}")
MAX_EXTERNAL_ID: Final = (1 << 63) - 1


class PictureKind(StrEnum):
    """What a picture shows."""

    BOT = "bot"
    BANNER = "banner"
    PERSON = "person"
    SERVER = "server"


@dataclass(frozen=True, slots=True)
class PictureAddress:
    """Names one picture for ever: a new picture has a new hash. Made by `address_of` only.

    Attributes:
        external_id: the platform's id of the bot, person or server; a banner is a bot's.
        hash: of the picture, 32 hexadecimal digits; `a_` in front says that it can move.
    """

    kind: PictureKind
    external_id: int
    hash: str


def address_of(kind: PictureKind, external_id: int, picture_hash: str | None) -> PictureAddress | None:
    """Give the address, or None when Discord makes no such hash (Discord docs, "Image Formatting")."""
    if not picture_hash or not _HASH.fullmatch(picture_hash) or not 0 < external_id <= MAX_EXTERNAL_ID:
        return None
    return PictureAddress(kind, external_id, picture_hash)
