"""Which fields a bot's owner may define, and how they are stored."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from socialcube.domain.guilds.policy.values import MAX_TEXT, find_fault
from socialcube.domain.guilds.types import FieldKind, SettingField
from socialcube.engine.problems import Problem

MAX_FIELDS: Final = 25
BUILT_IN: Final = ("locale", "time_zone", "log_channel")
"""What every server has under `settings.` without anybody defining it."""

_MAX_CHOICES: Final = 25
_MAX_LABEL: Final = 80
_MAX_HELP: Final = 200
_MAX_CHOICE: Final = 100
_KEY: Final = re.compile(r"[a-z][a-z0-9_]{0,31}")


def check_fields(fields: Sequence[SettingField]) -> list[Problem]:
    """List what is wrong with fields. The path of a problem is like `fields[0].label`."""
    problems: list[Problem] = []
    if len(fields) > MAX_FIELDS:
        problems.append(Problem("", "too_many", f"There are at most {MAX_FIELDS} fields."))
    seen: set[str] = set()
    for index, field in enumerate(fields[:MAX_FIELDS]):
        problems += [
            Problem(f"fields[{index}].{part}", "bad_value", sentence)
            for part, sentence in _faults(field, seen)
        ]
        seen.add(field.key)
    return problems


def read_fields(stored: Sequence[object]) -> tuple[SettingField, ...]:
    """Read fields as `write_fields` gave them. What this version does not know is left out."""
    return tuple(_read(item) for item in stored if isinstance(item, dict) and item.get("kind") in _KINDS)


def write_fields(fields: Sequence[SettingField]) -> list[object]:
    """Give fields as JSON data."""
    return [{**asdict(field), "kind": field.kind.value, "choices": list(field.choices)} for field in fields]


_KINDS: Final = frozenset(FieldKind)
_PARTS: Final = frozenset(SettingField.__slots__)


def _read(item: Mapping[str, Any]) -> SettingField:
    known = {key: value for key, value in item.items() if key in _PARTS}
    return SettingField(**{**known, "kind": FieldKind(item["kind"]), "choices": tuple(item["choices"])})


def _faults(field: SettingField, seen: set[str]) -> Iterator[tuple[str, str]]:
    if not _KEY.fullmatch(field.key):
        yield "key", "A key has up to 32 small letters, digits and _, and starts with a letter."
    elif field.key in BUILT_IN:
        yield "key", f"Every server has {field.key} already. Choose another key."
    elif field.key in seen:
        yield "key", "Another field has this key already."
    if not _is_line(field.label, 1, _MAX_LABEL):
        yield "label", f"A label has 1 to {_MAX_LABEL} characters on one line."
    if not _is_line(field.help, 0, _MAX_HELP):
        yield "help", f"The help has at most {_MAX_HELP} characters on one line."
    yield from _choice_faults(field)
    yield from _limit_faults(field)
    yield from _default_faults(field)


def _choice_faults(field: SettingField) -> Iterator[tuple[str, str]]:
    if field.kind is not FieldKind.CHOICE:
        if field.choices:
            yield "choices", "Only a choice has choices."
    elif not 1 <= len(field.choices) <= _MAX_CHOICES:
        yield "choices", f"A choice has 1 to {_MAX_CHOICES} choices."
    elif len(set(field.choices)) != len(field.choices):
        yield "choices", "Two of the choices are the same."
    elif not all(_is_line(choice, 1, _MAX_CHOICE) for choice in field.choices):
        yield "choices", f"Each choice has 1 to {_MAX_CHOICE} characters on one line."


def _limit_faults(field: SettingField) -> Iterator[tuple[str, str]]:
    if field.max_length is not None and not (
        field.kind is FieldKind.TEXT and 1 <= field.max_length <= MAX_TEXT
    ):
        yield "max_length", f"Only a text has a longest length, from 1 to {MAX_TEXT}."
    bounds = [bound for bound in (field.min_value, field.max_value) if bound is not None]
    if bounds and field.kind is not FieldKind.NUMBER:
        yield "min_value", "Only a number has bounds."
    elif any(find_fault(_PLAIN_NUMBER, bound) for bound in bounds) or bounds != sorted(bounds):
        yield "min_value", "The bounds are numbers, and the lower one comes first."


def _default_faults(field: SettingField) -> Iterator[tuple[str, str]]:
    if field.default is None:
        return
    if field.kind in {FieldKind.CHANNEL, FieldKind.ROLE}:
        yield "default", "A channel or role has no default: every server has its own."
    elif sentence := find_fault(field, field.default):
        yield "default", sentence


_PLAIN_NUMBER: Final = SettingField("number", "Number", FieldKind.NUMBER)


def _is_line(text: str, least: int, most: int) -> bool:
    return least <= len(text) <= most and text.isprintable() and text == text.strip()
