"""The periods that figures are shown for, chosen in the address."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from flask import request


@dataclass(frozen=True, slots=True)
class Period:
    """A stretch of time up to now.

    Attributes:
        key: in the address and for `overview.queries`.
        label: on the switch and beside figures.
        before: how people call the stretch of the same length before it.
    """

    key: str
    label: str
    before: str
    length: timedelta


PERIODS: Final = (
    Period("1h", "1 h", "the hour before", timedelta(hours=1)),
    Period("24h", "24 h", "the day before", timedelta(days=1)),
    Period("7d", "7 d", "the week before", timedelta(days=7)),
)
DEFAULT: Final = PERIODS[1]


def asked_period() -> Period:
    """Give the period that the request names, else a day."""
    key = request.args.get("period", "")
    return next((period for period in PERIODS if period.key == key), DEFAULT)
