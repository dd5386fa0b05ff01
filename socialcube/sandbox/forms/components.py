"""Message components as applications send them (Discord docs, "Component Reference")."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final

from socialcube.sandbox.forms import fields
from socialcube.sandbox.forms.fields import Field
from socialcube.sandbox.forms.report import Report

Parts = list[dict[str, Any]]

_ROW, _BUTTON, _TEXT_SELECT, _INPUT = 1, 2, 3, 4
_SECTION, _TEXT, _SEPARATOR, _CONTAINER = 9, 10, 14, 17
_OTHER_SELECTS: Final = (5, 6, 7, 8)
# What Discord fills in.
_DEFAULTS: Final[Mapping[int, Mapping[str, Any]]] = {
    **{kind: {"min_values": 1, "max_values": 1} for kind in (_TEXT_SELECT, *_OTHER_SELECTS)},
    _SEPARATOR: {"spacing": 1, "divider": True},
    _CONTAINER: {"accent_color": None, "spoiler": False},
}
_LINK, _PREMIUM = 5, 6
_MOST_ROWS: Final = 5
_MOST_NEW_STYLE: Final = 40

_custom_id = fields.text(least=1, most=100)
_emoji = fields.record(
    {"id": fields.text(most=20), "name": fields.text(most=100), "animated": fields.boolean}
)
_option = fields.record(
    {
        "label": fields.text(least=1, most=100),
        "value": fields.text(least=1, most=100),
        "description": fields.text(most=100),
        "emoji": _emoji,
        "default": fields.boolean,
    },
    required=("label", "value"),
)
_button_fields = fields.record(
    {
        "style": fields.integer(least=1, most=6),
        "label": fields.text(most=80),
        "emoji": _emoji,
        "custom_id": _custom_id,
        "url": fields.url,
        "disabled": fields.boolean,
    },
    required=("style",),
)
_choosing: Final[dict[str, Field]] = {
    "custom_id": _custom_id,
    "placeholder": fields.text(most=150),
    "min_values": fields.integer(most=25),
    "max_values": fields.integer(least=1, most=25),
    "disabled": fields.boolean,
}
_text_select = fields.record(
    {**_choosing, "options": fields.array(_option, least=1, most=25)}, required=("custom_id", "options")
)
_select = fields.record(
    {**_choosing, "channel_types": fields.array(fields.integer(most=16), most=17)}, required=("custom_id",)
)
_input = fields.record(
    {
        "custom_id": _custom_id,
        "style": fields.integer(least=1, most=2),
        "label": fields.text(least=1, most=45),
        "min_length": fields.integer(most=4000),
        "max_length": fields.integer(least=1, most=4000),
        "required": fields.boolean,
        "value": fields.text(most=4000),
        "placeholder": fields.text(most=100),
    },
    required=("custom_id", "style"),
)


def rows(value: object, report: Report) -> Parts | None:
    """The components of an ordinary message: at most five rows."""
    return _numbered(fields.array(_typed({_ROW: _row(_BUTTON_OR_SELECT)}), most=_MOST_ROWS), value, report)


def layout(value: object, report: Report) -> Parts | None:
    """The components of a message with the flag IS_COMPONENTS_V2."""
    return _numbered(fields.array(_typed(_LAYOUT), most=_MOST_NEW_STYLE), value, report)


def inputs(value: object, report: Report) -> Parts | None:
    """The components of a modal: one text input a row."""
    form = fields.array(_typed({_ROW: _row({_INPUT: _input})}), least=1, most=_MOST_ROWS)
    return _numbered(form, value, report)


def _typed(kinds: Mapping[int, Field]) -> Field:
    """A component whose `type` chooses the form that the rest is held to."""
    kind_form = fields.one_of(kinds)

    def check(value: object, report: Report) -> dict[str, Any] | None:
        if not isinstance(value, dict):
            report.add("DICT_TYPE_CONVERT", "Only dictionaries may be used in a DictType")
            return None
        kind = kind_form(value.get("type"), report.at("type"))
        if kind is None:
            return None
        clean = kinds[kind](value, report)
        return None if clean is None else {"type": kind, **_DEFAULTS.get(kind, {}), **clean}

    return check


def _row(kinds: Mapping[int, Field]) -> Field:
    return fields.record(
        {"components": fields.array(_typed(kinds), least=1, most=5)}, required=("components",)
    )


def _button(value: object, report: Report) -> dict[str, Any] | None:
    clean: dict[str, Any] | None = _button_fields(value, report)
    if clean is None or not report.is_clean or clean["style"] == _PREMIUM:
        return clean
    needed = "url" if clean["style"] == _LINK else "custom_id"
    if needed not in clean:
        report.at(needed).add("BUTTON_COMPONENT_REQUIRED_FIELD", f"A {needed} is required")
    if "label" not in clean and "emoji" not in clean:
        report.at("label").add("BUTTON_COMPONENT_REQUIRED_FIELD", "A label or an emoji is required")
    return clean


_BUTTON_OR_SELECT: Final[Mapping[int, Field]] = {
    _BUTTON: _button,
    _TEXT_SELECT: _text_select,
    **dict.fromkeys(_OTHER_SELECTS, _select),
}
_text = fields.record({"content": fields.text(least=1, most=4000)}, required=("content",))
_separator = fields.record({"divider": fields.boolean, "spacing": fields.integer(least=1, most=2)})
_section = fields.record(
    {
        "components": fields.array(_typed({_TEXT: _text}), least=1, most=3),
        "accessory": _typed({_BUTTON: _button}),
    },
    required=("components", "accessory"),
)
_INSIDE: Final[Mapping[int, Field]] = {
    _ROW: _row(_BUTTON_OR_SELECT),
    _SECTION: _section,
    _TEXT: _text,
    _SEPARATOR: _separator,
}
_container = fields.record(
    {
        "components": fields.array(_typed(_INSIDE), least=1, most=_MOST_NEW_STYLE),
        "accent_color": fields.integer(most=0xFFFFFF),
        "spoiler": fields.boolean,
    },
    required=("components",),
)
_LAYOUT: Final[Mapping[int, Field]] = {**_INSIDE, _CONTAINER: _container}


def _numbered(form: Callable[[object, Report], Any], value: object, report: Report) -> Parts | None:
    """Check, refuse doubled custom ids, and give every component its number as Discord does."""
    clean: Parts | None = form(value, report)
    if clean is None or not report.is_clean:
        return clean
    seen: set[str] = set()
    for number, component in enumerate(_all(clean), start=1):
        component["id"] = number
        name = component.get("custom_id")
        if name is not None and name in seen:
            report.add("COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
        seen.add(name or "")
    return clean


def _all(components: Iterable[dict[str, Any]]) -> Iterable[dict[str, Any]]:
    for component in components:
        yield component
        yield from _all(component.get("components", []))
        if "accessory" in component:
            yield component["accessory"]
