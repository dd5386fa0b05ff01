"""Numbers that people typed, as settings keep them."""

from decimal import Decimal, InvalidOperation
from typing import Final

_MOST_DIGITS: Final = 18
"""Writing out more, like all the noughts of 1e999999999, would take the process's memory."""


def plain_number(typed: Decimal | None) -> int | float | None:
    """Give a whole number as an integer, any other as a float; what is out of all bounds is not finite."""
    if typed is None:
        return None
    if not typed.is_finite():
        return float("nan")
    is_whole = typed.adjusted() < _MOST_DIGITS and typed == typed.to_integral_value()
    return int(typed) if is_whole else float(typed)


def read_number(typed: str) -> int | float | str | None:
    """Read a number; what is none stays as it was typed."""
    try:
        return plain_number(Decimal(typed))
    except InvalidOperation:
        return typed
