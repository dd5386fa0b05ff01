"""The controls of a step with their values and problems, as the templates draw them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from socialcube.web.pages.commands.forms.controls import Control, Kind
from socialcube.web.pages.commands.forms.paths import anchor


@dataclass(frozen=True, slots=True)
class FieldView:
    """One control in its place.

    Attributes:
        path: its place in the document, which is the name of its field.
        value: what it shows: text, or whether it is ticked.
        problem: what is wrong with it.
        is_on: whether a group is there.
        parts: the fields of a group.
        items: the fields of each item of a list, with the item's place and problem.
    """

    control: Control
    path: str
    value: Any
    problem: str
    is_on: bool = False
    parts: "tuple[FieldView, ...]" = ()
    items: "tuple[ItemView, ...]" = ()

    @property
    def anchor(self) -> str:
        """Give the id of its element."""
        return anchor(self.path)

    @property
    def item_label(self) -> str:
        """Say what one item of a list is called: `condition` for `Conditions`."""
        return self.control.label.lower().removesuffix("s")

    @property
    def is_full(self) -> bool:
        """Tell whether a list takes no more items."""
        return self.control.max_items is not None and len(self.items) >= self.control.max_items


@dataclass(frozen=True, slots=True)
class ItemView:
    """One item of a list."""

    path: str
    problem: str
    fields: tuple[FieldView, ...]


class Problems:
    """The problems of a document by place. Each is shown once: at its field, or at what holds it.

    Args:
        found: sentences by place.
    """

    def __init__(self, found: Mapping[str, str]) -> None:
        self._open = dict(found)

    def take(self, path: str) -> str:
        """Take the problem of exactly this place."""
        return self._open.pop(path, "")

    def take_inside(self, path: str) -> str:
        """Take whatever is left of this place and of all inside it, in one text."""
        inside = [
            place for place in self._open if place == path or place.startswith((f"{path}.", f"{path}["))
        ]
        return " ".join(dict.fromkeys(self._open.pop(place) for place in inside))


def view_fields(
    controls: tuple[Control, ...], values: Any, base: str, problems: Problems
) -> tuple[FieldView, ...]:
    """Give the fields of an object at a place."""
    known = values if isinstance(values, dict) else {}
    return tuple(
        _view(control, known.get(control.key), f"{base}.{control.key}", problems) for control in controls
    )


def find_rest(controls: tuple[Control, ...], values: Any) -> dict[str, Any]:
    """Give what an object holds that no control knows."""
    known = {control.key for control in controls}
    return (
        {key: value for key, value in values.items() if key not in known} if isinstance(values, dict) else {}
    )


def _view(control: Control, value: Any, path: str, problems: Problems) -> FieldView:
    if control.kind is Kind.GROUP:
        parts = view_fields(control.parts, value, path, problems)
        return FieldView(control, path, None, problems.take(path), is_on=value is not None, parts=parts)
    if control.kind is Kind.LIST:
        items = tuple(
            _view_item(control, item, f"{path}[{index}]", problems) for index, item in enumerate(value or ())
        )
        return FieldView(control, path, None, problems.take(path), items=items)
    shown = control.default if value is None else value
    return FieldView(control, path, "" if shown is None else shown, problems.take(path))


def _view_item(control: Control, item: Any, path: str, problems: Problems) -> ItemView:
    fields = view_fields(control.parts, item, path, problems)
    return ItemView(path, problems.take_inside(path), fields)
