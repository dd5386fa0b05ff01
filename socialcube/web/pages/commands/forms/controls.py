"""The controls of an action's parameters, worked out from its JSON Schema: a new action needs no form."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, Final

from socialcube.engine.registry import ACTIONS


class Kind(StrEnum):
    """How a parameter is edited."""

    LINE = "line"
    TEXT = "text"
    CHOICE = "choice"
    YES_NO = "yes_no"
    SCALAR = "scalar"
    GROUP = "group"
    LIST = "list"


@dataclass(frozen=True, slots=True)
class Control:
    """One parameter as a form shows it.

    Attributes:
        key: its name in the document.
        is_template: whether it is filled in by the engine, so that values can be inserted.
        is_required: whether the document must name it.
        limit: characters of the text, after filling in where it is a template; None for no limit.
        choices: the values of a choice.
        default: what the document means when it leaves it out.
        parts: the controls inside a group, or of each item of a list.
        max_items: how many items a list takes.
    """

    key: str
    kind: Kind
    label: str
    help: str = ""
    is_template: bool = False
    is_required: bool = False
    limit: int | None = None
    choices: tuple[str, ...] = ()
    default: Any = None
    parts: "tuple[Control, ...]" = ()
    max_items: int | None = None


@cache
def controls_of(action: str) -> tuple[Control, ...]:
    """Give the controls of an action's parameters, in its own order.

    Raises:
        KeyError: there is no such action.
    """
    schema = ACTIONS[action].json_schema()
    return _controls(schema, schema.get("$defs", {}))


def fits(control: Control, value: object) -> bool:
    """Tell whether a control can show a value without changing it."""
    if control.kind is Kind.YES_NO:
        return isinstance(value, bool)
    if control.kind is Kind.SCALAR:
        return value is None or (isinstance(value, str | int) and not isinstance(value, bool))
    if control.kind is Kind.GROUP:
        return value is None or all_fit(control.parts, value)
    if control.kind is Kind.LIST:
        return isinstance(value, list) and all(all_fit(control.parts, item) for item in value)
    return isinstance(value, str)


def all_fit(controls: tuple[Control, ...], values: object) -> bool:
    """Tell whether controls can show an object. What they do not know does no harm."""
    return isinstance(values, dict) and all(
        fits(control, values[control.key]) for control in controls if control.key in values
    )


def _controls(schema: Mapping[str, Any], shared: Mapping[str, Any]) -> tuple[Control, ...]:
    required = schema.get("required", ())
    return tuple(
        _control(key, part, shared, is_required=key in required) for key, part in schema["properties"].items()
    )


def _control(key: str, schema: Mapping[str, Any], shared: Mapping[str, Any], *, is_required: bool) -> Control:
    inner = _resolve(schema, shared)
    kind = _kind_of(inner)
    item = _resolve(inner["items"], shared) if kind is Kind.LIST else inner
    is_template = inner.get("format") == "liquid"
    return Control(
        key=key,
        kind=kind,
        label=str(schema.get("title", key)),
        help=str(schema.get("description", "")),
        is_template=is_template,
        is_required=is_required,
        limit=inner.get("x-max-output", inner.get("maxLength")),
        choices=tuple(inner.get("enum", ())),
        default=schema.get("default"),
        parts=_controls(item, shared) if kind in {Kind.GROUP, Kind.LIST} else (),
        max_items=inner.get("maxItems"),
    )


def _resolve(schema: Mapping[str, Any], shared: Mapping[str, Any]) -> Mapping[str, Any]:
    """Follow a reference, and take the one shape out of "this or nothing"."""
    shapes = [shape for shape in schema.get("anyOf", ()) if shape.get("type") != "null"]
    if len(shapes) == 1:
        return _resolve(shapes[0], shared)
    if "$ref" in schema:
        found: Mapping[str, Any] = shared[schema["$ref"].rpartition("/")[2]]
        return found
    return schema


def _kind_of(schema: Mapping[str, Any]) -> Kind:
    if "enum" in schema:
        return Kind.CHOICE
    if schema.get("type") == "string":
        return Kind.TEXT if schema.get("x-has-lines") else Kind.LINE
    return _KINDS.get(schema.get("type", ""), Kind.SCALAR)


_KINDS: Final = {"boolean": Kind.YES_NO, "object": Kind.GROUP, "array": Kind.LIST}
