"""The filter `date`: times in UTC, from the run's own clock, with a bounded format."""

import re
from datetime import UTC, datetime
from typing import Final

from liquid import RenderContext
from liquid.exceptions import FilterArgumentError
from liquid.filter import with_context
from liquid.undefined import is_undefined

_MAX_FORMAT: Final = 100
_FORMAT: Final = re.compile(r"(?:[^%]|%-?[aAbBcdDeFHIjklmMnpPrRsStTuUvVwWxXyYzZ%])*")
_NUMBER: Final = re.compile(r"\d{1,11}(?:\.\d{1,9})?")


@with_context
def date(value: object, pattern: object = "%Y-%m-%d", *, context: RenderContext) -> str:
    """Write a time with a strftime pattern, in UTC. What is not a time is given back as it is.

    Takes `now`, an ISO 8601 text or Unix seconds. `%s` gives Unix seconds, as Discord's `<t:…>` needs them.

    Raises:
        FilterArgumentError: the pattern is too long or has an unknown directive.
    """
    if value is None or is_undefined(value):
        return ""
    text = str(value)
    moment = _moment(str(context.globals.get("now", "")) if text in {"now", "today"} else text)
    return _written(moment, str(pattern)) if moment else text


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
    # The C library's %s reads the machine's time zone, ours is always UTC.
    return moment.strftime(re.sub("%%|%s", lambda found: _seconds(found.group(), moment), pattern))


def _seconds(directive: str, moment: datetime) -> str:
    return directive if directive == "%%" else str(int(moment.timestamp()))
