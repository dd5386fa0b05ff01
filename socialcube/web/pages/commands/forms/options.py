"""The options of a command in the form. Which rules an option shows depends on its type."""

from collections.abc import Mapping
from typing import Any, Final

from werkzeug.datastructures import MultiDict

from socialcube.domain.commands.types import OptionType
from socialcube.web.pages.commands.forms.values import items_of, read_number

_NUMBERS: Final = frozenset({OptionType.INTEGER, OptionType.NUMBER})
WITH_CHOICES: Final = _NUMBERS | {OptionType.STRING}
BOUNDS: Final[Mapping[str, tuple[str, ...]]] = {
    OptionType.STRING: ("min_length", "max_length"),
    OptionType.INTEGER: ("min_value", "max_value"),
    OptionType.NUMBER: ("min_value", "max_value"),
}
"""The bounds that an option of a type may have."""


def read_options(tree: Any, form: MultiDict[str, str]) -> list[dict[str, Any]]:
    """Read the options. Rules that do not belong to an option's type are left behind.

    Args:
        tree: the nested fields under `options`.
        form: the flat form; ticks of one list share one name there.
    """
    if not isinstance(tree, Mapping):
        return []
    places = sorted(key for key in tree if isinstance(key, int))
    return [
        _read_option(tree[place], form.getlist(f"options[{place}].channel_types"))
        for place in places
        if isinstance(tree[place], Mapping)
    ]


def _read_option(tree: Mapping[Any, Any], channel_types: list[str]) -> dict[str, Any]:
    kind = str(tree.get("type", ""))
    option: dict[str, Any] = {
        "name": str(tree.get("name", "")),
        "type": kind,
        "description": str(tree.get("description", "")),
    }
    if "required" in tree:
        option["required"] = True
    choices = [_read_choice(item, kind) for item in items_of(tree.get("choices"))]
    if choices and kind in WITH_CHOICES:
        option["choices"] = choices
    for bound in BOUNDS.get(kind, ()):
        value = read_number(str(tree.get(bound, "")))
        if value is not None:
            option[bound] = value
    if channel_types and kind == OptionType.CHANNEL:
        option["channel_types"] = channel_types
    return option


def _read_choice(tree: Mapping[Any, Any], kind: str) -> dict[str, Any]:
    value: Any = str(tree.get("value", ""))
    if kind in _NUMBERS:
        value = read_number(value) if value.strip() else value
    return {"name": str(tree.get("name", "")), "value": value}
