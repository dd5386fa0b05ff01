"""Conditions: rows of `left operator right` over filled-in texts."""

import operator
import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from enum import StrEnum
from typing import Final

from socialcube.engine.errors import NotANumberError

_NUMBER: Final = re.compile(r"\s*[+-]?\d{1,40}(?:\.\d{1,40})?\s*")
_MAX_SHOWN: Final = 40


class Operator(StrEnum):
    """How the two sides of a row are compared."""

    EQUALS = "equals"
    NOT_EQUALS = "not_equals"
    CONTAINS = "contains"
    NOT_CONTAINS = "not_contains"
    STARTS_WITH = "starts_with"
    ENDS_WITH = "ends_with"
    GREATER = "greater"
    AT_LEAST = "at_least"
    LESS = "less"
    AT_MOST = "at_most"
    IS_EMPTY = "is_empty"
    IS_NOT_EMPTY = "is_not_empty"


def holds(left: str, by: Operator, right: str) -> bool:
    """Tell whether a row is true.

    `equals` takes numbers for equal when their values are (`1` and `1.0`), and texts when every letter is.
    Blanks around both sides do not count.

    Raises:
        NotANumberError: an order is asked for, and a side is not a number.
    """
    if by in _ORDERS:
        return _ORDERS[by](to_number(left), to_number(right))
    return _TESTS[by](left.strip(), right.strip())


def to_number(text: str) -> Decimal:
    """Read a number of up to 40 digits before and after the point.

    Raises:
        NotANumberError: it is not one.
    """
    if not _NUMBER.fullmatch(text):
        raise NotANumberError(value=f"“{text[:_MAX_SHOWN]}”")
    return Decimal(text.strip())


def _equal(left: str, right: str) -> bool:
    if _NUMBER.fullmatch(left) and _NUMBER.fullmatch(right):
        return Decimal(left) == Decimal(right)
    return left == right


_ORDERS: Final[Mapping[Operator, Callable[[Decimal, Decimal], bool]]] = {
    Operator.GREATER: operator.gt,
    Operator.AT_LEAST: operator.ge,
    Operator.LESS: operator.lt,
    Operator.AT_MOST: operator.le,
}

_TESTS: Final[Mapping[Operator, Callable[[str, str], bool]]] = {
    Operator.EQUALS: _equal,
    Operator.NOT_EQUALS: lambda left, right: not _equal(left, right),
    Operator.CONTAINS: lambda left, right: right in left,
    Operator.NOT_CONTAINS: lambda left, right: right not in left,
    Operator.STARTS_WITH: lambda left, right: left.startswith(right),
    Operator.ENDS_WITH: lambda left, right: left.endswith(right),
    Operator.IS_EMPTY: lambda left, _: not left,
    Operator.IS_NOT_EMPTY: lambda left, _: bool(left),
}
