"""Options of application commands as applications send them."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from socialcube.sandbox.forms import fields
from socialcube.sandbox.forms.fields import Field
from socialcube.sandbox.forms.names import LONGEST, is_name
from socialcube.sandbox.forms.report import Report
from socialcube.sandbox.world.options import NESTED, OptionKind

_MOST: Final = 25
_SAFE_INTEGER: Final = 2**53
_LONGEST_TEXT: Final = 6000

Option = dict[str, Any]

_NAMED: Final[dict[str, Field]] = {
    "name": fields.text(least=1, most=LONGEST),
    "name_localizations": fields.texts(most=LONGEST),
    "description": fields.text(least=1, most=100),
    "description_localizations": fields.texts(most=100),
}
_integer = fields.integer(least=-_SAFE_INTEGER, most=_SAFE_INTEGER)
_number = fields.number(bound=_SAFE_INTEGER)


def _choices(value: Field) -> Field:
    choice = {
        "name": fields.text(least=1, most=100),
        "name_localizations": fields.texts(most=100),
        "value": value,
    }
    return fields.array(fields.record(choice, required=("name", "value")), most=_MOST)


def _with(**extra: Field) -> Field:
    flags = {"required": fields.boolean, "autocomplete": fields.boolean}
    return fields.record({**_NAMED, **flags, **extra}, required=("name", "description"))


def _nested(depth: int) -> Field:
    return fields.record({**_NAMED, "options": _list(depth + 1)}, required=("name", "description"))


def _list(depth: int) -> Field:
    """A list of options; subcommand groups may stand at the top, subcommands at the top or in a group."""

    def check(value: object, report: Report) -> list[Option] | None:
        clean: list[Option] | None = fields.array(lambda item, at: _option(item, at, depth), most=_MOST)(
            value, report
        )
        if clean and report.is_clean:
            _check_together(clean, report)
        return clean

    return check


def options(value: object, report: Report) -> list[Option] | None:
    """The options of a command: at most 25, required ones first, names unique."""
    clean: list[Option] | None = _list(0)(value, report)
    return clean


def _option(value: object, report: Report, depth: int) -> Option | None:
    if not isinstance(value, dict):
        report.add("DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
        return None
    kind = fields.one_of(tuple(OptionKind))(value.get("type"), report.at("type"))
    if kind is None:
        return None
    if kind in NESTED and depth > _DEEPEST[OptionKind(kind)]:
        report.at("type").add(
            "APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", "Sub-command option type is invalid here"
        )
        return None
    form = (
        _nested(depth if kind == OptionKind.GROUP else _LEAVES)
        if kind in NESTED
        else _FORMS[OptionKind(kind)]
    )
    clean = form(value, report)
    if clean is None or not report.is_clean:
        return None
    _check_one(clean, report)
    return {"type": kind, **clean}


_DEEPEST: Final = {OptionKind.GROUP: 0, OptionKind.SUBCOMMAND: 1}
_LEAVES: Final = 2
_FORMS: Final[Mapping[OptionKind, Field]] = {
    OptionKind.STRING: _with(
        choices=_choices(fields.text(least=1, most=100)),
        min_length=fields.integer(most=_LONGEST_TEXT),
        max_length=fields.integer(least=1, most=_LONGEST_TEXT),
    ),
    OptionKind.INTEGER: _with(choices=_choices(_integer), min_value=_integer, max_value=_integer),
    OptionKind.BOOLEAN: _with(),
    OptionKind.USER: _with(),
    OptionKind.CHANNEL: _with(channel_types=fields.array(fields.integer(most=16), most=17)),
    OptionKind.ROLE: _with(),
    OptionKind.MENTIONABLE: _with(),
    OptionKind.NUMBER: _with(choices=_choices(_number), min_value=_number, max_value=_number),
    OptionKind.ATTACHMENT: _with(),
}


def _check_one(clean: Option, report: Report) -> None:
    if not is_name(clean["name"]):
        report.at("name").add("APPLICATION_COMMAND_INVALID_NAME", "Command name is invalid")
    if clean.get("autocomplete") and clean.get("choices"):
        message = "Options with autocomplete cannot have choices"
        report.at("choices").add("APPLICATION_COMMAND_OPTIONS_CHOICES_AUTOCOMPLETE", message)
    for least, most in (("min_value", "max_value"), ("min_length", "max_length")):
        if least in clean and most in clean and clean[least] > clean[most]:
            message = f"{least} must not be greater than {most}"
            report.at(least).add("APPLICATION_COMMAND_OPTION_RANGE_INVALID", message)
    names = [choice["name"] for choice in clean.get("choices", [])]
    if len(set(names)) != len(names):
        message = "Choice names must be unique"
        report.at("choices").add("APPLICATION_COMMAND_OPTIONS_CHOICES_DUPLICATE", message)


def _check_together(found: Sequence[Option], report: Report) -> None:
    names: set[str] = set()
    optional_seen = False
    for index, option in enumerate(found):
        if option["name"] in names:
            message = "Option names must be unique"
            report.at(index).at("name").add("APPLICATION_COMMAND_OPTIONS_NAME_ALREADY_EXISTS", message)
        names.add(option["name"])
        if option["type"] in NESTED:
            continue
        if option.get("required") and optional_seen:
            message = "Required options must be placed before non-required options"
            report.at(index).add("APPLICATION_COMMAND_OPTIONS_REQUIRED_INVALID", message)
        optional_seen = optional_seen or not option.get("required")
    if 0 < sum(option["type"] in NESTED for option in found) < len(found):
        message = "Sub-command and sub-command group option types are mutually exclusive to all other types"
        report.at(0).at("type").add("APPLICATION_COMMAND_OPTIONS_TYPE_INVALID", message)
