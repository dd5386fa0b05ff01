"""The filter `date`: times from the run's own clock, in UTC or a named zone, with a bounded format."""

import re
from datetime import UTC, datetime, tzinfo
from typing import Final
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from liquid import RenderContext
from liquid.exceptions import FilterArgumentError
from liquid.filter import with_context
from liquid.undefined import is_undefined

_MAX_FORMAT: Final = 100
_MAX_ZONE: Final = 64
_FORMAT: Final = re.compile(r"(?:[^%]|%-?[aAbBcdDeFHIjklmMnpPrRsStTuUvVwWxXyYzZ%])*")
_NUMBER: Final = re.compile(r"\d{1,11}(?:\.\d{1,9})?")


@with_context
def date(value: object, pattern: object = "%Y-%m-%d", zone: object = "UTC", *, context: RenderContext) -> str:
    """Write a time with a strftime pattern, in a time zone. What is not a time is given back as it is.

    Takes `now`, an ISO 8601 text or Unix seconds. `%s` gives Unix seconds, as Discord's `<t:…>` needs them.

    Raises:
        FilterArgumentError: the pattern is too long or has an unknown directive, or there is no such zone.
    """
    if value is None or is_undefined(value):
        return ""
    text = str(value)
    moment = _moment(str(context.globals.get("now", "")) if text in {"now", "today"} else text)
    local = _moved(moment, _zone(zone)) if moment else None
    return _written(local, str(pattern)) if local else text


def _zone(name: object) -> tzinfo:
    """Find a zone, like that of `settings.time_zone`; nothing at all means UTC."""
    if name is None or is_undefined(name) or name == "UTC":
        return UTC
    try:
        return ZoneInfo(str(name)[:_MAX_ZONE])
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise FilterArgumentError("date: there is no time zone of this name", token=None) from None


def _moved(moment: datetime, zone: tzinfo) -> datetime | None:
    """Give the moment in a zone, None at the very ends of time."""
    try:
        return moment.astimezone(zone)
    except OverflowError:
        return None


def _moment(text: str) -> datetime | None:
    try:
        if _NUMBER.fullmatch(text):
            return datetime.fromtimestamp(float(text), UTC)
        moment = datetime.fromisoformat(text)
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        return None


def _written(moment: datetime, pattern: str) -> str:
    if len(pattern) > _MAX_FORMAT or not _FORMAT.fullmatch(pattern):
        raise FilterArgumentError("date: the pattern is too long or has an unknown % sign", token=None)
    # The C library's %s reads the machine's time zone; the seconds of a moment are the same everywhere.
    return moment.strftime(re.sub("%%|%s", lambda found: _seconds(found.group(), moment), pattern))


def _seconds(directive: str, moment: datetime) -> str:
    return directive if directive == "%%" else str(int(moment.timestamp()))
