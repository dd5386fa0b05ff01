"""Options that a person gives to a command, held to what the command declares."""

from collections.abc import Callable, Mapping, Sequence
from enum import IntEnum
from typing import Any, Final, TypeVar

from socialcube.sandbox.errors import InvalidOptionError
from socialcube.sandbox.world.records import Guild

_LARGEST_INTEGER: Final = 2**53
_LONGEST_TEXT: Final = 6000

Wire = Mapping[str, Any]
_Value = TypeVar("_Value")
_Number = TypeVar("_Number", int, float)


class OptionKind(IntEnum):
    """Discord's application command option types."""

    SUBCOMMAND = 1
    GROUP = 2
    STRING = 3
    INTEGER = 4
    BOOLEAN = 5
    USER = 6
    CHANNEL = 7
    ROLE = 8
    MENTIONABLE = 9
    NUMBER = 10
    ATTACHMENT = 11


NESTED: Final = frozenset({OptionKind.SUBCOMMAND, OptionKind.GROUP})


def checked(declared: Sequence[Wire], given: Sequence[Wire], guild: Guild) -> list[dict[str, Any]]:
    """Give the options in Discord's nested form, with their types filled in.

    Raises:
        InvalidOptionError: one is missing, unknown, doubled or outside its rules.
    """
    by_name = {option["name"]: option for option in declared}
    seen: set[str] = set()
    result = []
    for option in given:
        name = str(option.get("name"))
        if name not in by_name or name in seen:
            raise InvalidOptionError(
                option=name, reason="is given twice" if name in seen else "does not exist"
            )
        seen.add(name)
        result.append(_one(by_name[name], option, guild))
    _check_complete(declared, seen)
    return result


def nested(declared: Sequence[Wire], values: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Turn `{"name": value}` into Discord's nested form; a subcommand's value is a mapping of its own."""
    kinds = {option["name"]: option for option in declared}
    result: list[dict[str, Any]] = []
    for name, value in values.items():
        inner = kinds.get(name, {})
        if inner.get("type") in NESTED and isinstance(value, Mapping):
            result.append({"name": name, "options": nested(inner.get("options", []), value)})
        else:
            result.append({"name": name, "value": value})
    return result


def _one(declared: Wire, given: Wire, guild: Guild) -> dict[str, Any]:
    kind, name = OptionKind(declared["type"]), str(declared["name"])
    if kind in NESTED:
        inner = given.get("options") or []
        if not isinstance(inner, Sequence) or not all(isinstance(item, Mapping) for item in inner):
            raise InvalidOptionError(option=name, reason="needs a list of options")
        return {
            "name": name,
            "type": int(kind),
            "options": checked(declared.get("options", []), inner, guild),
        }
    return {"name": name, "type": int(kind), "value": _CHECKS[kind](declared, given.get("value"), guild)}


def _check_complete(declared: Sequence[Wire], seen: set[str]) -> None:
    branches = [option["name"] for option in declared if option["type"] in NESTED]
    if branches and len(seen) != 1:
        raise InvalidOptionError(option=branches[0], reason="or one of its siblings must be chosen")
    for option in declared:
        if option.get("required") and option["name"] not in seen:
            raise InvalidOptionError(option=option["name"], reason="is required")


def _text(declared: Wire, value: object, _guild: Guild) -> str:
    name = declared["name"]
    if not isinstance(value, str):
        raise InvalidOptionError(option=name, reason="must be text")
    least, most = declared.get("min_length", 0), declared.get("max_length", _LONGEST_TEXT)
    if not least <= len(value) <= most:
        raise InvalidOptionError(option=name, reason=f"must have {least} to {most} characters")
    return _chosen(declared, value)


def _integer(declared: Wire, value: object, _guild: Guild) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or abs(value) > _LARGEST_INTEGER:
        raise InvalidOptionError(option=declared["name"], reason="must be a whole number")
    return _within(declared, value)


def _number(declared: Wire, value: object, _guild: Guild) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float) or abs(value) > _LARGEST_INTEGER:
        raise InvalidOptionError(option=declared["name"], reason="must be a number")
    return _within(declared, value)


def _boolean(declared: Wire, value: object, _guild: Guild) -> bool:
    if not isinstance(value, bool):
        raise InvalidOptionError(option=declared["name"], reason="must be true or false")
    return value


def _user(declared: Wire, value: object, guild: Guild) -> str:
    return _member_of(declared, value, guild.members, "a member of this server")


def _role(declared: Wire, value: object, guild: Guild) -> str:
    return _member_of(declared, value, guild.roles, "a role of this server")


def _mentionable(declared: Wire, value: object, guild: Guild) -> str:
    return _member_of(declared, value, {**guild.roles, **guild.members}, "a member or role of this server")


def _channel(declared: Wire, value: object, guild: Guild) -> str:
    kinds = declared.get("channel_types") or [channel.kind for channel in guild.channels.values()]
    fitting = {key: channel for key, channel in guild.channels.items() if channel.kind in kinds}
    return _member_of(declared, value, fitting, "a fitting channel of this server")


def _attachment(declared: Wire, _value: object, _guild: Guild) -> str:
    raise InvalidOptionError(option=declared["name"], reason="takes a file, which the sandbox cannot send")


def _member_of(declared: Wire, value: object, known: Mapping[int, object], what: str) -> str:
    if not isinstance(value, str | int) or not str(value).isdecimal() or int(value) not in known:
        raise InvalidOptionError(option=declared["name"], reason=f"must be {what}")
    return str(value)


def _within(declared: Wire, value: _Number) -> _Number:
    least, most = declared.get("min_value", value), declared.get("max_value", value)
    if not least <= value <= most:
        raise InvalidOptionError(option=declared["name"], reason=f"must lie between {least} and {most}")
    return _chosen(declared, value)


def _chosen(declared: Wire, value: _Value) -> _Value:
    choices = declared.get("choices")
    if choices and value not in [choice["value"] for choice in choices]:
        raise InvalidOptionError(option=declared["name"], reason="must be one of its choices")
    return value


_CHECKS: Final[Mapping[OptionKind, Callable[[Wire, object, Guild], object]]] = {
    OptionKind.STRING: _text,
    OptionKind.INTEGER: _integer,
    OptionKind.BOOLEAN: _boolean,
    OptionKind.USER: _user,
    OptionKind.CHANNEL: _channel,
    OptionKind.ROLE: _role,
    OptionKind.MENTIONABLE: _mentionable,
    OptionKind.NUMBER: _number,
    OptionKind.ATTACHMENT: _attachment,
}
