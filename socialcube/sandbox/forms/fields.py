"""Building blocks of forms: each takes a JSON value and a report, and gives the clean value.

After a problem a block gives None; `read` raises before anyone looks at it. Codes and messages are the
ones that Discord answers with.
"""

import re
from collections.abc import Callable, Collection, Mapping
from datetime import datetime
from typing import Any, Final

from socialcube.sandbox.forms.report import Report
from socialcube.sandbox.world.snowflakes import LARGEST

Field = Callable[[object, Report], Any]

_INT32: Final = (1 << 31) - 1
_URL: Final = re.compile(r"https?://[^\s/?#]+[^\s]*", re.IGNORECASE)


def read(form: Field, value: object) -> Any:
    """Give the clean value of a whole body, or raise InvalidFormError with everything that is wrong."""
    report = Report()
    clean = form(value, report)
    report.raise_if_any()
    return clean


def text(*, least: int = 0, most: int) -> Field:
    """A string with a length in characters."""

    def check(value: object, report: Report) -> str | None:
        # Discord takes a number for a string, yet not a truth value.
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            report.add("STRING_TYPE_CONVERT", f'Could not interpret "{_shown(value)}" as string.')
            return None
        clean = str(value)
        if least and not least <= len(clean) <= most:
            report.add("BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
        elif len(clean) > most:
            report.add("BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")
        return clean

    return check


def integer(*, least: int = 0, most: int = _INT32) -> Field:
    """A whole number, or a string of one."""

    def check(value: object, report: Report) -> int | None:
        clean = _as_int(value)
        if clean is None:
            report.add("NUMBER_TYPE_COERCE", f'Value "{_shown(value)}" is not int.')
        elif clean > most:
            report.add("NUMBER_TYPE_MAX", f"int value should be less than or equal to {most}.")
        elif clean < least:
            report.add("NUMBER_TYPE_MIN", f"int value should be greater than or equal to {least}.")
        return clean

    return check


def number(*, bound: float) -> Field:
    """A number of any kind whose size is at most `bound`."""

    def check(value: object, report: Report) -> float | None:
        if isinstance(value, bool) or not isinstance(value, int | float):
            report.add("NUMBER_TYPE_COERCE", f'Value "{_shown(value)}" is not double.')
            return None
        if abs(value) > bound:
            report.add("NUMBER_TYPE_MAX", f"double value should be less than or equal to {bound:g}.")
        return value

    return check


def boolean(value: object, report: Report) -> bool | None:
    """A truth value."""
    if not isinstance(value, bool):
        report.add("BOOLEAN_TYPE_CONVERT", "Must be either true or false.")
        return None
    return value


def snowflake(value: object, report: Report) -> int | None:
    """An id, as a string or a number."""
    clean = _as_int(value)
    if clean is None or not 0 <= clean <= LARGEST:
        report.add("NUMBER_TYPE_COERCE", f'Value "{_shown(value)}" is not snowflake.')
        return None
    return clean


def url(value: object, report: Report) -> str | None:
    """An http or https address, or the name of an attachment of the same message."""
    if isinstance(value, str) and (_URL.fullmatch(value) or value.startswith("attachment://")):
        if len(value) <= _LONGEST_URL:
            return value
        report.add("BASE_TYPE_MAX_LENGTH", f"Must be {_LONGEST_URL} or fewer in length.")
    elif isinstance(value, str) and "://" in value:
        scheme = _shown(value.partition("://")[0])
        message = (
            f"Scheme \"{scheme}\" is not supported. Scheme must be one of ('http', 'https', 'attachment')."
        )
        report.add("URL_TYPE_INVALID_SCHEME", message)
    else:
        report.add("URL_TYPE_INVALID_URL", "Not a well formed URL.")
    return None


def url_or_nothing(value: object, report: Report) -> str | None:
    """An http or https address, or an empty text."""
    return "" if value == "" else url(value, report)


def moment(value: object, report: Report) -> str | None:
    """A time in ISO 8601."""
    try:
        return datetime.fromisoformat(str(value)).isoformat()
    except ValueError:
        report.add("DATE_TIME_TYPE_PARSE", f'Could not parse "{_shown(value)}". Should be ISO8601.')
        return None


def one_of(choices: Collection[int]) -> Field:
    """One of some whole numbers."""

    def check(value: object, report: Report) -> int | None:
        if isinstance(value, bool) or not isinstance(value, int) or value not in choices:
            listed = ", ".join(str(choice) for choice in sorted(choices))
            report.add("BASE_TYPE_CHOICES", f"Value must be one of {{{listed}}}.")
            return None
        return value

    return check


def one_word(choices: Collection[str]) -> Field:
    """One of some words."""

    def check(value: object, report: Report) -> str | None:
        if not isinstance(value, str) or value not in choices:
            report.add("BASE_TYPE_CHOICES", f"Value must be one of {{{', '.join(sorted(choices))}}}.")
            return None
        return value

    return check


def array(item: Field, *, most: int, least: int = 0) -> Field:
    """A list of the same thing."""

    def check(value: object, report: Report) -> list[Any] | None:
        if not isinstance(value, list):
            report.add("LIST_TYPE_CONVERT", "Only iterables may be used in a ListType")
            return None
        if least and not least <= len(value) <= most:
            report.add("BASE_TYPE_BAD_LENGTH", f"Must be between {least} and {most} in length.")
            return None
        if len(value) > most:
            report.add("BASE_TYPE_MAX_LENGTH", f"Must be {most} or fewer in length.")
            return None
        return [item(entry, report.at(index)) for index, entry in enumerate(value)]

    return check


def record(fields: Mapping[str, Field], *, required: Collection[str] = ()) -> Field:
    """An object. Unknown fields are dropped, as Discord does; a null stands for an absent optional field."""

    def check(value: object, report: Report) -> dict[str, Any] | None:
        if not isinstance(value, dict):
            report.add("DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
            return None
        for name in required:
            if value.get(name) is None:
                report.at(name).add("BASE_TYPE_REQUIRED", "This field is required")
        return {
            name: form(value[name], report.at(name))
            for name, form in fields.items()
            if value.get(name) is not None
        }

    return check


def texts(*, least: int = 1, most: int) -> Field:
    """An object whose values are strings, like translations by locale."""
    entry = text(least=least, most=most)

    def check(value: object, report: Report) -> dict[str, str] | None:
        if not isinstance(value, dict):
            report.add("DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
            return None
        return {str(key): entry(item, report.at(str(key))) for key, item in value.items()}

    return check


_LONGEST_URL: Final = 2048


def _as_int(value: object) -> int | None:
    if isinstance(value, bool) or not isinstance(value, int | str):
        return None
    try:
        return int(value)
    except ValueError:
        return None


def _shown(value: object) -> str:
    """Give a value short enough to repeat in an error."""
    return str(value)[:100]
