"""Reads Discord's error bodies."""

from typing import Any, Final

from discord.errors import _flatten_error_dict

_MAX_LENGTH: Final = 500


def reason_of(status: int, data: Any) -> str:
    """Put Discord's own words, with the place of each problem, into one line.

    Args:
        status: of the answer.
        data: its body: the documented error object, or anything else.
    """
    body = data if isinstance(data, dict) else {}
    text = str(body.get("message") or f"HTTP {status}")
    errors = body.get("errors")
    if isinstance(errors, dict):
        places = _flatten_error_dict(errors)
        text += "; " + "; ".join(f"{place}: {problem}" for place, problem in places.items())
    return text[:_MAX_LENGTH]


def code_of(data: Any) -> int:
    """Give Discord's number of the problem, 0 when there is none."""
    code = data.get("code") if isinstance(data, dict) else None
    return code if isinstance(code, int) else 0
