"""Refuses requests that two servers in a row could read differently (request smuggling)."""

import re
from collections import Counter
from email.errors import (
    FirstHeaderLineIsContinuationDefect,
    InvalidHeaderDefect,
    MisplacedEnvelopeHeaderDefect,
    MissingHeaderBodySeparatorDefect,
)
from email.message import Message
from typing import Final

_ONCE: Final = ("content-length", "host")
_VERSIONS: Final = frozenset({"HTTP/1.0", "HTTP/1.1"})
_NAME: Final = re.compile(r"[!#$%&'*+.^`|~0-9A-Za-z-]+")
"""A token of RFC 9110, section 5.6.2, without `_`: WSGI takes `X_Forwarded_For` for `X-Forwarded-For`."""
# The parser is one for mails: of a form with files it also complains that no parts follow the headers.
_DEFECTS: Final = (
    FirstHeaderLineIsContinuationDefect,
    InvalidHeaderDefect,
    MisplacedEnvelopeHeaderDefect,
    MissingHeaderBodySeparatorDefect,
)
_CONTROL: Final = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def find_problem(message: Message, version: str, target: str = "/") -> str | None:
    """Find what makes a request ambiguous: one sentence, or None when it is clear.

    RFC 9112, sections 3.2 (target and Host), 5.1 and 5.2 (lines of headers), 6.1 and 6.3 (lengths). What
    eventlet reads with takes the first of two, joins folded lines, drops all that follows a line it cannot
    read, and leaves a body in chunks unread when nobody asks for it.

    Args:
        message: the headers as `http.client.parse_headers` read them.
        version: like `HTTP/1.1`.
        target: what was asked for, like `/admin/?page=2`.
    """
    headers = message.items()
    counts = Counter(name.lower() for name, _ in headers)
    twice = next((name for name in _ONCE if counts[name] > 1), None)
    whole = (
        (twice is not None, f"The header {twice} came more than once."),
        (any(isinstance(found, _DEFECTS) for found in message.defects), "A line among the headers is none."),
        (version not in _VERSIONS, "This is no HTTP/1.1."),
        (version == "HTTP/1.1" and not counts["host"], "The header host is missing."),
        (not target.startswith("/"), "The address does not begin with a slash."),
        # Browsers send none, and a proxy that reads chunks in another way smuggles a request behind them.
        (bool(counts["transfer-encoding"]), "A body in chunks is not taken here: send its length."),
    )
    problem = next((sentence for is_wrong, sentence in whole if is_wrong), None)
    return problem or next(filter(None, (_find_in(name, value) for name, value in headers)), None)


def _find_in(name: str, value: str) -> str | None:
    if not _NAME.fullmatch(name):
        return "A header has a name that is none."
    if _CONTROL.search(value):
        return "A header goes on in a second line, or holds control characters."
    if name.lower() == "content-length" and not (value.isascii() and value.strip().isdecimal()):
        return "The content-length is not a number."
    return None
