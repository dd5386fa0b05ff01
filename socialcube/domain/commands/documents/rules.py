"""Rules that look at several fields of a command at once. Each lists all it finds."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from pydantic import ValidationError

from socialcube.domain.commands.documents.model import OptionDocument
from socialcube.domain.commands.types import OptionType
from socialcube.engine.problems import Problem

MAX_CHARACTERS: Final = 8_000
"""Of all names, descriptions and choice values of one command together."""

MAX_CHOICE_VALUE_LENGTH: Final = 100
MAX_SAFE_INTEGER: Final = (1 << 53) - 1
"""Numbers travel as JSON doubles: larger whole numbers would not arrive as typed."""

_NUMBERS: Final = frozenset({OptionType.INTEGER, OptionType.NUMBER})
_BELONGS_TO: Final = {
    "choices": _NUMBERS | {OptionType.STRING},
    "min_value": _NUMBERS,
    "max_value": _NUMBERS,
    "min_length": frozenset({OptionType.STRING}),
    "max_length": frozenset({OptionType.STRING}),
    "channel_types": frozenset({OptionType.CHANNEL}),
}


def check_rules(raw: Mapping[str, Any]) -> Iterator[Problem]:
    """List what breaks a rule. Options that are wrong in themselves are left out, not the rest with them."""
    options = raw.get("options", [])
    if isinstance(options, Sequence) and not isinstance(options, str):
        yield from _check_order(options)
        yield from _check_names(options, "options")
        for index, option in enumerate(options):
            parsed = _parse_option(option)
            if parsed:
                yield from _check_option(parsed, f"options[{index}]")
    characters = _count_characters(raw)
    if characters > MAX_CHARACTERS:
        message = (
            f"All names, descriptions and choices together have {characters:,} characters; "
            f"{MAX_CHARACTERS:,} fit."
        )
        yield Problem("", "too_long", message)


def _check_order(options: Sequence[object]) -> Iterator[Problem]:
    optional_seen = False
    for index, option in enumerate(options):
        required = isinstance(option, Mapping) and option.get("required") is True
        if required and optional_seen:
            place = f"options[{index}].required"
            yield Problem(place, "bad_order", "Required options come before those that may be left out.")
        optional_seen = optional_seen or not required


def _check_names(items: Sequence[object], path: str, key: str = "name") -> Iterator[Problem]:
    first: dict[tuple[bool, object], int] = {}
    for index, item in enumerate(items):
        value = item.get(key) if isinstance(item, Mapping) else None
        if not isinstance(value, str | int | float):
            continue
        # 1 and 1.0 are one number to Discord, 1 and "1" are not the same value.
        earlier = first.setdefault((isinstance(value, str), value), index)
        if earlier != index:
            yield Problem(f"{path}[{index}].{key}", "duplicate", f"{path}[{earlier}] has this {key} already.")


def _check_option(option: OptionDocument, path: str) -> Iterator[Problem]:
    for name in sorted(option.model_fields_set & _BELONGS_TO.keys()):
        if getattr(option, name) not in {None, ()} and option.type not in _BELONGS_TO[name]:
            types = " or ".join(sorted(_BELONGS_TO[name]))
            yield Problem(f"{path}.{name}", "not_for_type", f"This is only for options of the type {types}.")
    yield from _check_bounds(option, path)
    yield from _check_choices(option, path)


def _check_bounds(option: OptionDocument, path: str) -> Iterator[Problem]:
    for name in ("min_value", "max_value"):
        message = _find_number_problem(option.type, getattr(option, name))
        if message and option.type in _NUMBERS:
            yield Problem(f"{path}.{name}", "bad_value", message)
    if option.max_length == 0:
        yield Problem(f"{path}.max_length", "bad_value", "This must be at least 1.")
    for low, high in (("min_value", "max_value"), ("min_length", "max_length")):
        least, most = getattr(option, low), getattr(option, high)
        if least is not None and most is not None and least > most:
            yield Problem(f"{path}.{high}", "bad_value", f"This must not be below {low}, which is {least}.")


def _check_choices(option: OptionDocument, path: str) -> Iterator[Problem]:
    choices = [choice.model_dump() for choice in option.choices]
    yield from _prefix(path, _check_names(choices, "choices"))
    yield from _prefix(path, _check_names(choices, "choices", "value"))
    for index, choice in enumerate(option.choices):
        message = _find_value_problem(option.type, choice.value)
        if message:
            yield Problem(f"{path}.choices[{index}].value", "bad_value", message)


def _find_value_problem(option_type: OptionType, value: object) -> str | None:
    if option_type is not OptionType.STRING:
        return _find_number_problem(option_type, value) if option_type in _NUMBERS else None
    if not isinstance(value, str):
        return "The option is a string, so this must be text: put it in quotes."
    if not 1 <= len(value) <= MAX_CHOICE_VALUE_LENGTH:
        return f"A value has 1 to {MAX_CHOICE_VALUE_LENGTH} characters; this one has {len(value)}."
    return None


def _find_number_problem(option_type: OptionType, value: object) -> str | None:
    if value is None:
        return None
    if not isinstance(value, int | float):
        return f"The option is of the type {option_type}, so this must be a number."
    if option_type is OptionType.INTEGER and not isinstance(value, int):
        return "The option is an integer, so this must be a whole number."
    if abs(value) > MAX_SAFE_INTEGER:
        return f"Discord takes numbers up to {MAX_SAFE_INTEGER:,} only."
    return None


def _parse_option(raw: object) -> OptionDocument | None:
    try:
        return OptionDocument.model_validate(raw)
    except ValidationError:
        return None


def _count_characters(raw: Mapping[str, Any]) -> int:
    """Count in whatever is there: wrong parts are reported elsewhere and count nothing here."""
    total = _length(raw, "name") + _length(raw, "description")
    for option in _mappings(raw.get("options")):
        total += _length(option, "name") + _length(option, "description")
        total += sum(
            _length(choice, "name") + _length(choice, "value") for choice in _mappings(option.get("choices"))
        )
    return total


def _mappings(value: object) -> list[Mapping[str, Any]]:
    return [item for item in value if isinstance(item, Mapping)] if isinstance(value, list) else []


def _length(holder: Mapping[str, Any], key: str) -> int:
    value = holder.get(key)
    return len(value) if isinstance(value, str) else 0


def _prefix(path: str, problems: Iterator[Problem]) -> Iterator[Problem]:
    return (Problem(f"{path}.{problem.path}", problem.code, problem.message) for problem in problems)
