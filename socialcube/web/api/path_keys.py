"""Reads the keys in addresses of the API. What is no key belongs to nothing, so it is told as absent."""

from collections.abc import Callable, Mapping
from typing import Final
from uuid import UUID

from socialcube.domain.bots.errors import BotNotFoundError
from socialcube.domain.commands.errors import CommandNotFoundError
from socialcube.kernel.errors import NotFoundError

ABSENT: Final[Mapping[str, Callable[[str], NotFoundError]]] = {
    "bot_id": lambda text: BotNotFoundError(ref=text),
    "command_id": lambda text: CommandNotFoundError(name=text),
}
"""By the name of a path's variable: how the thing is missed that has no such key."""

_MOST_SAID: Final = 64


def read_path_keys(path: Mapping[str, str]) -> dict[str, UUID]:
    """Read the variables of a path, the outermost first.

    A rule of the URL map that took keys only would answer "no such address" to whoever misspelt one, and
    that before it asked who is there.

    Raises:
        NotFoundError: one is no key as we write them; the classes say of what.
    """
    return {name: _read(name, text) for name, text in path.items()}


def _read(name: str, text: str) -> UUID:
    try:
        key = UUID(text)
    except ValueError:
        key = None
    # Python also reads keys in braces, as URNs and without dashes: one thing would have several addresses.
    if key is None or str(key) != text.lower():
        raise ABSENT[name](text if len(text) <= _MOST_SAID else f"{text[:_MOST_SAID]}…")
    return key
