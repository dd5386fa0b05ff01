"""Single values as forms carry them: always text, with the browser's own line ends."""

import re
from collections.abc import Mapping
from typing import Any, Final

_WHOLE: Final = re.compile(r"[+-]?\d{1,19}")
_BROKEN: Final = re.compile(r"[+-]?(\d{1,19}\.\d{0,19}|\.\d{1,19}|\d{1,19}(\.\d{0,19})?[eE][+-]?\d{1,3})")


def clean(text: str) -> str:
    """Give a text its own line ends back: forms send them as CR LF (HTML, "Form submission")."""
    return text.replace("\r\n", "\n").replace("\r", "\n")


def read_scalar(text: str) -> str | int | None:
    """Read a whole number where one stands, text otherwise, nothing where nothing stands."""
    text = text.strip()
    return int(text) if _WHOLE.fullmatch(text) else text or None


def read_number(text: str) -> str | int | float | None:
    """Read a number. What is none stays text, so that its author sees it again."""
    text = text.strip()
    if _WHOLE.fullmatch(text):
        return int(text)
    if _BROKEN.fullmatch(text):
        return float(text)
    return text or None


def items_of(tree: Any) -> list[Mapping[Any, Any]]:
    """Give the items of a list in their order. Gaps close."""
    if not isinstance(tree, Mapping):
        return []
    places = sorted(key for key in tree if isinstance(key, int))
    return [tree[place] for place in places if isinstance(tree[place], Mapping)]
