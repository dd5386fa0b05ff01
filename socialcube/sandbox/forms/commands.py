"""Application commands as applications send them (Discord docs, "Application Commands")."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from socialcube.sandbox.forms import fields
from socialcube.sandbox.forms.fields import Field
from socialcube.sandbox.forms.names import LONGEST, is_name
from socialcube.sandbox.forms.options import options
from socialcube.sandbox.forms.report import Report

_SLASH: Final = 1
_KINDS: Final = (1, 2, 3)
_MOST_CHARACTERS: Final = 8000
_MOST_IN_BULK: Final = 110

Body = dict[str, Any]


def _permissions(value: object, report: Report) -> str | None:
    bits = fields.integer(most=(1 << 63) - 1)(value, report)
    return None if bits is None else str(bits)


_COMMON: Final[dict[str, Field]] = {
    "name": fields.text(least=1, most=LONGEST),
    "name_localizations": fields.texts(most=LONGEST),
    "description": fields.text(most=100),
    "description_localizations": fields.texts(most=100),
    "options": options,
    "default_member_permissions": _permissions,
    "dm_permission": fields.boolean,
    "default_permission": fields.boolean,
    "nsfw": fields.boolean,
    "integration_types": fields.array(fields.one_of((0, 1)), least=1, most=2),
    "contexts": fields.array(fields.one_of((0, 1, 2)), most=3),
}
_new = fields.record({**_COMMON, "type": fields.one_of(_KINDS)}, required=("name",))
_edit = fields.record(_COMMON)
_in_bulk = fields.record(
    {**_COMMON, "type": fields.one_of(_KINDS), "id": fields.snowflake}, required=("name",)
)


def new(body: object, *, in_guild: bool) -> Body:
    """Read the body of Create Application Command, filled up with Discord's defaults.

    Raises:
        InvalidFormError: something breaks Discord's rules.
    """
    clean: Body = fields.read(_checked(_new), body)
    return _filled(clean, in_guild=in_guild)


def edited(body: object, old: Body, *, in_guild: bool) -> Body:
    """Read the body of Edit Application Command over the present one; a null gives the default back."""
    sent = body if isinstance(body, dict) else {}
    known = {key: value for key, value in sent.items() if key in _COMMON}
    fields.read(_edit, body)
    merged = {key: value for key, value in {**old, **known}.items() if value is not None}
    clean: Body = fields.read(_checked(_new), merged)
    return _filled(clean, in_guild=in_guild)


def bulk(body: object, *, in_guild: bool) -> list[Body]:
    """Read the body of Bulk Overwrite, in which names are unique per type."""
    form = fields.array(_checked(_in_bulk), most=_MOST_IN_BULK)

    def unique(value: object, report: Report) -> Any:
        clean = form(value, report)
        if clean and report.is_clean:
            _check_unique(clean, report)
        return clean

    found: list[Body] = fields.read(unique, body)
    return [_filled(command, in_guild=in_guild) for command in found]


def _checked(form: Field) -> Field:
    def check(value: object, report: Report) -> Body | None:
        clean: Body | None = form(value, report)
        if clean is None or not report.is_clean:
            return clean
        kind = clean.setdefault("type", _SLASH)
        if kind == _SLASH:
            _check_slash(clean, report)
        else:
            _check_plain(clean, report)
        return clean

    return check


def _check_slash(clean: Body, report: Report) -> None:
    for path, name in [("name", clean["name"]), *clean.get("name_localizations", {}).items()]:
        if not is_name(name):
            place = report.at("name") if path == "name" else report.at("name_localizations").at(path)
            place.add("APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
    if not clean.get("description"):
        report.at("description").add("BASE_TYPE_REQUIRED", "This field is required")
    if _characters(clean) > _MOST_CHARACTERS:
        limit = f"Command exceeds maximum size ({_MOST_CHARACTERS})"
        report.add("APPLICATION_COMMAND_TOO_LARGE", limit)


def _check_plain(clean: Body, report: Report) -> None:
    """User and message commands have neither description nor options."""
    if clean.get("description"):
        message = "Context menu commands cannot have a description"
        report.at("description").add("APPLICATION_COMMAND_CONTEXT_MENU_DESCRIPTION_INVALID", message)
    if clean.get("options"):
        message = "Context menu commands cannot have options"
        report.at("options").add("APPLICATION_COMMAND_CONTEXT_MENU_OPTIONS_INVALID", message)


def _check_unique(commands: Sequence[Body], report: Report) -> None:
    seen: set[tuple[str, int]] = set()
    for index, command in enumerate(commands):
        key = (command["name"], command["type"])
        if key in seen:
            message = "Application command names must be unique"
            report.at(index).at("name").add("APPLICATION_COMMANDS_DUPLICATE_NAME", message)
        seen.add(key)


def _characters(command: Mapping[str, Any]) -> int:
    """Count what Discord's limit of 8,000 counts: names, descriptions and values, the longest translation."""
    total = _longest(command, "name") + _longest(command, "description")
    for choice in command.get("choices", []):
        total += _longest(choice, "name") + len(str(choice["value"]))
    return total + sum(_characters(option) for option in command.get("options", []))


def _longest(item: Mapping[str, Any], field: str) -> int:
    return max(len(text) for text in (item.get(field, ""), *item.get(f"{field}_localizations", {}).values()))


def _filled(clean: Body, *, in_guild: bool) -> Body:
    """Fill up with the defaults that Discord answers with."""
    body: Body = {
        "type": clean["type"],
        "name": clean["name"],
        "name_localizations": clean.get("name_localizations"),
        "description": clean.get("description", ""),
        "description_localizations": clean.get("description_localizations"),
        "default_member_permissions": clean.get("default_member_permissions"),
        "nsfw": clean.get("nsfw", False),
        "integration_types": clean.get("integration_types", [0]),
        "contexts": clean.get("contexts"),
    }
    if not in_guild:
        body["dm_permission"] = clean.get("dm_permission", True)
    return body | {"options": clean["options"]} if clean.get("options") else body
