"""What differs between two commands, in words that people review."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any, Final

from socialcube.domain.commands.policy.sameness import normalise
from socialcube.domain.commands.types import FieldChange
from socialcube.domain.guilds.policy import name_permissions

_MAX_TEXT: Final = 200
_NOT_SET: Final = "not set"


def list_changes(remote: Mapping[str, Any], desired: Mapping[str, Any]) -> tuple[FieldChange, ...]:
    """List what is different, from how the platform shows a command to how it should be."""
    here, there = normalise(remote), normalise(desired)
    return (*_fields(here, there, _COMMAND, ""), *_options(here["options"], there["options"], "Option"))


def _fields(
    here: Mapping[str, Any], there: Mapping[str, Any], fields: "_Fields", prefix: str
) -> Iterator[FieldChange]:
    for name, (label, words) in fields.items():
        if here[name] != there[name]:
            yield FieldChange(prefix + label, _cut(words(here[name])), _cut(words(there[name])))


def _options(here: list[dict[str, Any]], there: list[dict[str, Any]], noun: str) -> Iterator[FieldChange]:
    """Compare options by their names: one with another name is another option."""
    before, after = ({option["name"]: option for option in options} for options in (here, there))
    for name, option in before.items():
        label = f"{noun} {name}"
        if name not in after:
            yield FieldChange(label, _cut(_describe(option)), "")
            continue
        yield from _fields(option, after[name], _OPTION, f"{label}: ")
        yield from _options(option["options"], after[name]["options"], f"{label},")
    for name, option in after.items():
        if name not in before:
            yield FieldChange(f"{noun} {name}", "", _cut(_describe(option)))
    if list(before) != list(after) and set(before) == set(after):
        yield FieldChange(f"Order of {noun.lower()}s", ", ".join(before), ", ".join(after))


def _describe(option: Mapping[str, Any]) -> str:
    must = "required " if option["required"] else ""
    return f"{must}{_type(option['type'])}: {option['description']}"


def _cut(text: str) -> str:
    return text if len(text) <= _MAX_TEXT else f"{text[: _MAX_TEXT - 1]}…"


def _plain(value: object) -> str:
    return _NOT_SET if value is None else str(value)


def _yes_no(value: object) -> str:
    return "yes" if value else "no"


def _who(value: str | None) -> str:
    """Say who may use a command: bits of permissions, of which a person needs all (documentation)."""
    if value is None:
        return "everybody"
    bits = int(value) if value.isdecimal() else 0
    return f"people with {name_permissions(bits) or value}" if bits else "nobody but administrators"


def _where(value: list[int] | None) -> str:
    return _NOT_SET if value is None else ", ".join(_CONTEXTS.get(item, str(item)) for item in value)


def _type(value: int) -> str:
    return _TYPES.get(value, f"kind {value}")


def _channels(value: list[int]) -> str:
    return ", ".join(_CHANNELS.get(item, f"kind {item}") for item in value) or "all"


def _choices(value: list[Mapping[str, Any]]) -> str:
    return ", ".join(_choice(choice) for choice in value) or "none"


def _choice(choice: Mapping[str, Any]) -> str:
    name, value = choice["name"], choice["value"]
    return name if name == value else f"{name} ({value})"


def _translations(value: Mapping[str, str] | None) -> str:
    return "; ".join(f"{locale}: {text}" for locale, text in sorted((value or {}).items())) or "none"


_Fields = Mapping[str, tuple[str, Callable[[Any], str]]]
_CONTEXTS: Final = {0: "servers", 1: "direct messages with the bot", 2: "other direct messages"}
# Discord docs, Application Commands, "Application Command Option Type", and Channel, "Channel Types".
_TYPES: Final = {
    1: "subcommand",
    2: "group of subcommands",
    3: "text",
    4: "whole number",
    5: "yes or no",
    6: "person",
    7: "channel",
    8: "role",
    9: "person or role",
    10: "number",
    11: "file",
}
_CHANNELS: Final = {
    0: "text",
    2: "voice",
    4: "category",
    5: "announcement",
    10: "announcement thread",
    11: "public thread",
    12: "private thread",
    13: "stage",
    15: "forum",
    16: "media",
}
_COMMAND: Final[_Fields] = {
    "type": ("Kind", _plain),
    "description": ("Description", str),
    "default_member_permissions": ("Who may use it", _who),
    "contexts": ("Where it shows", _where),
    "nsfw": ("Age-restricted", _yes_no),
    "name_localizations": ("Translations of the name", _translations),
    "description_localizations": ("Translations of the description", _translations),
}
_OPTION: Final[_Fields] = {
    "type": ("kind", _type),
    "description": ("description", str),
    "required": ("required", _yes_no),
    "autocomplete": ("suggestions while typing", _yes_no),
    "choices": ("choices", _choices),
    "channel_types": ("channels", _channels),
    "min_value": ("least value", _plain),
    "max_value": ("greatest value", _plain),
    "min_length": ("least length", _plain),
    "max_length": ("greatest length", _plain),
    "name_localizations": ("translations of the name", _translations),
    "description_localizations": ("translations of the description", _translations),
}
