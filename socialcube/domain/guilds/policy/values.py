"""Which values the fields of a server's settings take."""

import math
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from socialcube.domain.guilds.types import FieldKind, SettingField, SettingValue
from socialcube.engine.problems import Problem

MAX_TEXT: Final = 2000
"""Characters of a text value: as many as a message takes."""

_MAX_NUMBER: Final = 2**53 - 1
_ID: Final = re.compile(r"[0-9]{1,19}")
# Line feeds and tabs are all that is left of controls: PostgreSQL takes no NUL, people see no others.
_UNFIT: Final = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Choosable:
    """What can be chosen in one server, by the platform's ids.

    Attributes:
        channels: where a bot can post, as last seen.
        roles: as last seen.
    """

    channels: frozenset[int] = frozenset()
    roles: frozenset[int] = frozenset()


def check_values(
    fields: Sequence[SettingField], values: Mapping[str, SettingValue], choosable: Choosable
) -> list[Problem]:
    """List what is wrong with values that somebody wants to save; a problem's path is the field's key."""
    known = {field.key for field in fields}
    problems = [
        Problem(key[:40], "unknown_setting", "This bot has no such setting.")
        for key in values
        if key not in known
    ]
    for field in fields:
        value = values.get(field.key)
        if value is None:
            if field.required and field.default is None:
                problems.append(Problem(field.key, "missing", f"{field.label} is required."))
        elif sentence := find_fault(field, value) or _absence(field, value, choosable):
            problems.append(Problem(field.key, "bad_value", sentence))
    return problems


def effective_values(
    fields: Sequence[SettingField], values: Mapping[str, SettingValue]
) -> dict[str, SettingValue]:
    """Give what counts for each field: the value, or the default where none was set or it does not fit.

    A stored value may have been set for a field of another kind, which its owner changed since.
    """
    counting: dict[str, SettingValue] = {}
    for field in fields:
        value = values.get(field.key)
        counting[field.key] = field.default if value is None or find_fault(field, value) else value
    return counting


def find_fault(field: SettingField, value: SettingValue) -> str:
    """Say why a value does not fit its field, whatever the server. Empty when it does."""
    return _FAULTS[field.kind](field, value)


def _text_fault(field: SettingField, value: SettingValue) -> str:
    most = field.max_length or MAX_TEXT
    if not isinstance(value, str):
        return "This must be text."
    if not 1 <= len(value) <= most:
        return f"This must have 1 to {most} characters."
    return "This holds a character that cannot be shown." if _UNFIT.search(value) else ""


def _number_fault(field: SettingField, value: SettingValue) -> str:
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
        return "This must be a number."
    least = -_MAX_NUMBER if field.min_value is None else field.min_value
    most = _MAX_NUMBER if field.max_value is None else field.max_value
    return "" if least <= value <= most else f"This must be from {least} to {most}."


def _choice_fault(field: SettingField, value: SettingValue) -> str:
    return "" if value in field.choices else f"This must be one of: {', '.join(field.choices)}."


def _channel_fault(_field: SettingField, value: SettingValue) -> str:
    return "" if _is_id(value) else "This must be a channel."


def _role_fault(_field: SettingField, value: SettingValue) -> str:
    return "" if _is_id(value) else "This must be a role."


def _yesno_fault(_field: SettingField, value: SettingValue) -> str:
    return "" if isinstance(value, bool) else "This must be yes or no."


def _absence(field: SettingField, value: SettingValue, choosable: Choosable) -> str:
    if field.kind is FieldKind.CHANNEL and int(str(value)) not in choosable.channels:
        return "This server has no such channel."
    if field.kind is FieldKind.ROLE and int(str(value)) not in choosable.roles:
        return "This server has no such role."
    return ""


def _is_id(value: SettingValue) -> bool:
    return isinstance(value, str) and bool(_ID.fullmatch(value)) and value.isascii()


_FAULTS: Final[Mapping[FieldKind, Callable[[SettingField, SettingValue], str]]] = {
    FieldKind.TEXT: _text_fault,
    FieldKind.NUMBER: _number_fault,
    FieldKind.CHOICE: _choice_fault,
    FieldKind.CHANNEL: _channel_fault,
    FieldKind.ROLE: _role_fault,
    FieldKind.YESNO: _yesno_fault,
}
