"""Secrets that do not print, and the patterns that keep them out of what is stored."""

import re
from collections.abc import Mapping, Sequence
from typing import Final, final

MASK: Final = "••••"

# Discord's documentation gives no grammar for tokens; bot tokens are three dot-separated base64url
# parts of which the first is the application's id. Webhook and interaction URLs carry theirs in the path.
_TOKEN_PATTERNS: Final = (
    re.compile(r"\b[A-Za-z0-9_-]{17,40}\.[A-Za-z0-9_-]{6}\.[A-Za-z0-9_-]{27,90}"),
    re.compile(r"(?<=/webhooks/)(\d{1,20}/)[A-Za-z0-9_.~-]{20,}"),
    re.compile(r"(?<=/interactions/)(\d{1,20}/)[A-Za-z0-9_.~=-]{20,}"),
    re.compile(r"\bsc_[0-9A-Za-z]{8}_[0-9A-Za-z]{43}_[0-9A-Za-z]{6}\b"),
)
_SHORTEST_TOKEN: Final = 32
_SECRET_KEYS: Final = frozenset(
    {"authorization", "client_secret", "code_verifier", "cookie", "password", "secret", "token"}
)


@final
class Secret:
    """A string that shows itself only when asked with `reveal()`."""

    __slots__ = ("_value",)

    def __init__(self, value: str) -> None:
        self._value = value

    def reveal(self) -> str:
        """Give the value. Every call is a place to look at in a review."""
        return self._value

    def __repr__(self) -> str:
        return f"Secret({MASK!r})"

    __str__ = __repr__

    def __bool__(self) -> bool:
        return bool(self._value)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Secret) and other._value == self._value

    def __hash__(self) -> int:
        return hash(self._value)

    def __reduce__(self) -> str:
        raise TypeError("a Secret is never serialised")


def mask_text(text: str) -> str:
    """Replace what looks like a token inside a text. Gives the same text when nothing does."""
    if len(text) < _SHORTEST_TOKEN:
        return text
    for pattern in _TOKEN_PATTERNS:
        text = pattern.sub(lambda match: f"{match.group(1) if match.lastindex else ''}{MASK}", text)
    return text


def redact(value: object) -> object:
    """Mask secrets anywhere inside JSON-like data: by key name and by what a string looks like."""
    if isinstance(value, Secret):
        return MASK
    if isinstance(value, str):
        return mask_text(value)
    if isinstance(value, Mapping):
        return {key: MASK if is_secret_key(key) else redact(item) for key, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, bytes | bytearray):
        return [redact(item) for item in value]
    return value


def is_secret_key(key: object) -> bool:
    """Tell whether what stands under this name is a secret, whatever it looks like."""
    return isinstance(key, str) and key.lower() in _SECRET_KEYS
