"""JSON from outside, read strictly."""

import json
from typing import Any, NoReturn

from socialcube.sandbox.errors import InvalidJsonError


def parse(raw: bytes | str) -> Any:
    """Parse JSON strictly: no NaN, no absurd depth or digits, no half characters. Raises InvalidJsonError."""
    try:
        text = raw if isinstance(raw, str) else raw.decode()
        value = json.loads(text, parse_constant=_refuse) if text else {}
        if "\\ud" in text.lower():
            # Half of a surrogate pair is valid JSON, yet no text that could be written in UTF-8 anywhere.
            json.dumps(value, ensure_ascii=False).encode()
    except (ValueError, RecursionError):
        raise InvalidJsonError from None
    return value


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)
