"""Reads the editor's form back into a document. What a control does not know is carried along."""

import json
from collections.abc import Mapping
from typing import Any, Final

from werkzeug.datastructures import MultiDict

from socialcube.engine.registry import find_action
from socialcube.engine.spec import SCHEMA
from socialcube.kernel.errors import InvalidInputError
from socialcube.web.pages.commands.forms.controls import Control, Kind, controls_of
from socialcube.web.pages.commands.forms.options import read_options
from socialcube.web.pages.commands.forms.paths import nest
from socialcube.web.pages.commands.forms.values import clean, items_of, read_scalar

RAW: Final = "@raw"
REST: Final = "@rest"
ON: Final = "@on"
_ROOTS: Final = frozenset({"name", "description", "options", "steps"})
_OTHER_PERMISSIONS: Final = "other"


def read_document(form: MultiDict[str, str]) -> dict[str, Any]:
    """Read a command as its author left it, mistakes included.

    Args:
        form: fields named by their places in the document; others are somebody else's.

    Raises:
        InvalidInputError: the form was not made by the editor.
    """
    named = ((name, clean(value)) for name, value in form.items() if _root_of(name) in _ROOTS)
    tree = nest(named)
    options = read_options(tree.get("options"), form)
    return {
        "schema": SCHEMA,
        "name": _text(tree, "name"),
        "description": _text(tree, "description"),
        **({"options": options} if options else {}),
        **_read_settings(form),
        "steps": [_read_step(item) for item in items_of(tree.get("steps"))],
    }


def _root_of(name: str) -> str:
    return name.partition("[")[0].partition(".")[0]


def _text(tree: Mapping[Any, Any], key: str) -> str:
    value = tree.get(key, "")
    return value if isinstance(value, str) else ""


def _read_settings(form: MultiDict[str, str]) -> dict[str, Any]:
    settings: dict[str, Any] = {"contexts": form.getlist("contexts")}
    permissions = form.get("default_member_permissions", "")
    if permissions == _OTHER_PERMISSIONS:
        permissions = form.get("other_permissions", "").strip()
    if permissions:
        settings["default_member_permissions"] = permissions
    if "nsfw" in form:
        settings["nsfw"] = True
    return settings


def _read_step(tree: Mapping[Any, Any]) -> Any:
    if RAW in tree:
        return _read_raw(tree[RAW])
    action = find_action(_text(tree, "type"))
    if action is None:
        raise InvalidInputError(reason="a step of the form has no action")
    step: dict[str, Any] = {"id": _text(tree, "id"), "type": action.name}
    params = _read_fields(controls_of(action.name), tree.get("params"))
    if params:
        step["params"] = params
    if _text(tree, "on_error") == "continue":
        step["on_error"] = "continue"
    for block in action.blocks:
        steps = [_read_step(item) for item in items_of(tree.get(block))]
        if steps:
            step[block] = steps
    return {**step, **_read_rest(tree)}


def _read_fields(controls: tuple[Control, ...], tree: object) -> dict[str, Any]:
    known = tree if isinstance(tree, Mapping) else {}
    values = {control.key: _read_field(control, known.get(control.key)) for control in controls}
    kept = {
        control.key: values[control.key]
        for control in controls
        if control.is_required or values[control.key] != _left_out(control)
    }
    return {**kept, **_read_rest(known)}


def _left_out(control: Control) -> object:
    """Give the value that a document need not write down."""
    if control.kind in {Kind.LINE, Kind.TEXT}:
        return control.default or ""
    return [] if control.kind is Kind.LIST else control.default


def _read_field(control: Control, value: Any) -> Any:
    if control.kind is Kind.LIST:
        return [_read_fields(control.parts, item) for item in items_of(value)]
    if control.kind is Kind.GROUP:
        is_on = isinstance(value, Mapping) and ON in value
        return _read_fields(control.parts, value) if is_on else None
    if control.kind is Kind.YES_NO:
        return value is not None
    text = value if isinstance(value, str) else ""
    return read_scalar(text) if control.kind is Kind.SCALAR else text


def _read_rest(tree: Mapping[Any, Any]) -> dict[str, Any]:
    rest = _read_raw(tree[REST]) if isinstance(tree.get(REST), str) else {}
    return rest if isinstance(rest, dict) else {}


def _read_raw(text: object) -> Any:
    """Read a piece of JSON. What is none stays text: the checks then say that it is no step."""
    try:
        return json.loads(str(text))
    except (ValueError, RecursionError):
        return str(text)
