"""Makes "it does not fail" a value that a test can claim something about."""

from collections.abc import Callable
from typing import ParamSpec

_P = ParamSpec("_P")


def failure_of(call: Callable[_P, object], *values: _P.args, **named: _P.kwargs) -> Exception | None:
    """Give what a call raises, None when it passes."""
    try:
        call(*values, **named)
    except Exception as error:  # noqa: BLE001 - whatever it is, the test's claim shows it
        return error
    return None
