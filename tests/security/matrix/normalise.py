"""Takes out of an answer what differs at every request, so that two of them can be compared to the letter."""

import re
from collections.abc import Iterable
from typing import Final

_UUID: Final = r"[0-9a-fA-F]{8}-(?:[0-9a-fA-F]{4}-){3}[0-9a-fA-F]{12}"
_CHANGING: Final = (
    (re.compile(r"\bI[\w-]{12,}\.[\w-]{6}\.[\w-]{27}"), "<csrf>"),
    (re.compile(r"nonce-[\w-]{24}"), "<nonce>"),
    (re.compile(r"next=[^\s\"<>&]*"), "<next>"),
    (re.compile(_UUID), "<id>"),
    (re.compile(r"\b[0-9a-f]{32}\b"), "<request>"),
    (re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d| UTC)?"), "<time>"),
)
"""In this order. A signed token is Base64 of a quoted text, a moment and a signature (itsdangerous 2.2)."""


def normalise(text: str, asked: Iterable[str] = ()) -> str:
    """Give a text without ids, tokens, nonces and moments.

    Args:
        text: a body or a header.
        asked: what the request itself named, which an answer may repeat.
    """
    if words := sorted(filter(None, asked), key=len, reverse=True):
        either = "|".join(map(re.escape, words))
        text = re.sub(rf"(?<!\w)(?:{either})(?!\w)", "<asked>", text, flags=re.IGNORECASE)
    for pattern, sign in _CHANGING:
        text = pattern.sub(sign, text)
    return " ".join(text.split())
