"""How a platform's picture of a server is made to fit the tables."""

import re
from typing import Final

from socialcube.kernel.text import UNSTORABLE

MAX_NAME_LENGTH: Final = 100
_ICON: Final = re.compile(r"[A-Za-z0-9_]{1,64}")
_MAX_BITS: Final = (1 << 63) - 1


def fit_name(name: str) -> str:
    """Cut a name to what the column holds. PostgreSQL takes no NUL and no half of a surrogate pair."""
    return UNSTORABLE.sub("", name)[:MAX_NAME_LENGTH]


def fit_icon(icon: str | None) -> str | None:
    """Give an icon's hash, or None when it is none that could be shown."""
    return icon if icon and _ICON.fullmatch(icon) else None


def fit_bits(bits: int) -> int:
    """Cut permission bits to 63 of them: Discord uses about 50, and the column is signed."""
    return bits & _MAX_BITS


def shard_of(external_id: int, shard_count: int) -> int:
    """Give the part of a bot that hears of a server (Discord docs, Gateway, "Sharding")."""
    return (external_id >> 22) % shard_count
