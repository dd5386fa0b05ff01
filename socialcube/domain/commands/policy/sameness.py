"""When two commands are the same, however each side writes them down.

Discord leaves defaults out, adds ids, gives lists in its own order and permission bits as text
(documentation, "Application Command Object"); py-cord compares a set with a list and so re-registers
every command at every start. Both bodies are therefore brought to one form before they are compared.
"""

import hashlib
import json
from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from socialcube.domain.commands.types import RemoteCommand

CHAT_INPUT: Final = 1


def digest(value: object) -> str:
    """Give the SHA-256 of JSON data in its one canonical form, as 64 hexadecimal digits."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()


def normalise(body: Mapping[str, Any]) -> dict[str, Any]:
    """Bring the body of a command, ours or the platform's, to the one form in which it is compared."""
    # Only global commands have contexts; the platform may say them for others too.
    scoped = body.get("guild_id") is not None or "contexts" not in body
    return {
        **_normalise_fields(body, _COMMAND_FIELDS),
        "contexts": None if scoped or body["contexts"] is None else _sorted(body["contexts"]),
    }


def differences(remote: Mapping[str, Any], desired: Mapping[str, Any]) -> tuple[str, ...]:
    """Name the fields in which two bodies differ."""
    here, there = normalise(remote), normalise(desired)
    return tuple(name for name in here if here[name] != there[name])


def digest_of(command: RemoteCommand) -> str:
    """Give the digest that our own body would have if it were exactly this command."""
    return digest(normalise(command.body))


def _normalise_fields(body: Mapping[str, Any], fields: Mapping[str, Callable[[Any], Any]]) -> dict[str, Any]:
    return {name: normal(body.get(name)) for name, normal in fields.items()}


def _options(value: Iterable[Mapping[str, Any]] | None) -> list[dict[str, Any]]:
    return [_normalise_fields(option, _OPTION_FIELDS) for option in value or ()]


def _choices(value: Iterable[Mapping[str, Any]] | None) -> list[dict[str, Any]]:
    return [_normalise_fields(choice, _CHOICE_FIELDS) for choice in value or ()]


def _sorted(value: Iterable[int] | None) -> list[int]:
    return sorted(set(value or ()))


def _same(value: Any) -> Any:
    return value


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _optional_text(value: Any) -> str | None:
    return None if value is None else str(value)


def _localised(value: Mapping[str, str] | None) -> dict[str, str] | None:
    return dict(value) if value else None


def _number(value: Any) -> Any:
    """Make 1.0 and 1 the same: which of them JSON shows is the writer's taste."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


_CHOICE_FIELDS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "name": _text,
    "value": _number,
    "name_localizations": _localised,
}
_OPTION_FIELDS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "type": _same,
    "name": _text,
    "description": _text,
    "required": bool,
    "autocomplete": bool,
    "choices": _choices,
    "options": _options,
    "channel_types": _sorted,
    "min_value": _number,
    "max_value": _number,
    "min_length": _same,
    "max_length": _same,
    "name_localizations": _localised,
    "description_localizations": _localised,
}
_COMMAND_FIELDS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "type": lambda value: value or CHAT_INPUT,
    "name": _text,
    "description": _text,
    "options": _options,
    "default_member_permissions": _optional_text,
    "nsfw": bool,
    "name_localizations": _localised,
    "description_localizations": _localised,
}
