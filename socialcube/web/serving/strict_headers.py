"""Refuses requests that two servers in a row could read differently (request smuggling)."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

_ONCE: Final = frozenset({"content-length", "host", "transfer-encoding"})


def find_problem(headers: Iterable[tuple[str, str]], version: str) -> str | None:
    """Find what makes a request ambiguous: one sentence, or None when it is clear.

    RFC 9112, sections 3.2 (Host), 6.1 and 6.3 (lengths). eventlet's parser takes the first of two.

    Args:
        headers: as they came, doubles included.
        version: like `HTTP/1.1`.
    """
    headers = list(headers)
    counts = Counter(name.lower() for name, _ in headers)
    for name in sorted(_ONCE):
        if counts[name] > 1:
            return f"The header {name} came more than once."
    if version == "HTTP/1.1" and not counts["host"]:
        return "The header host is missing."
    for name, value in headers:
        if name.lower() == "transfer-encoding" and value.strip().lower() != "chunked":
            return "The transfer-encoding is not chunked."
        if name.lower() == "content-length" and not (value.isascii() and value.strip().isdecimal()):
            return "The content-length is not a number."
        # A parser that keeps the space reads another name than one that drops it.
        if name != name.strip():
            return "A header name has a space."
    return None
