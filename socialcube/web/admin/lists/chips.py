"""The filters of a list as chips: each says what it is set to, and can be set or taken away by a link."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask_admin.model.base import ViewArgs

from socialcube.web.admin.lists.filters import PanelFilter

Filters = list[tuple[int, str, str]]
"""What Flask-Admin keeps of an address: place of the filter in the view, its name, its value."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One value of a filter, with the address that sets it."""

    label: str
    url: str
    is_set: bool


@dataclass(frozen=True, slots=True)
class Chip:
    """A filter as it stands.

    Attributes:
        kind: `choice` is a menu of links, `text` and `moment` are little forms.
        argument: name of the form's field.
        value: what it is set to, empty when it is not set.
        words: the value for people.
        clear_url: the list without it.
        hidden: what else the form has to send.
    """

    name: str
    kind: str
    argument: str
    value: str
    words: str
    clear_url: str
    choices: tuple[Choice, ...]
    hidden: tuple[tuple[str, Any], ...]

    @property
    def is_set(self) -> bool:
        """Tell whether it narrows the list."""
        return bool(self.value)


@dataclass(frozen=True, slots=True)
class ChipMaker:
    """Makes the chips of one list.

    Attributes:
        url: gives the address of a state.
        arguments: gives what makes an address say a state.
        argument_of: gives the name of a filter in addresses.
    """

    url: Callable[[ViewArgs], str]
    arguments: Callable[[ViewArgs], dict[str, Any]]
    argument_of: Callable[[int, PanelFilter], str]

    def make(self, index: int, found: PanelFilter, state: ViewArgs) -> Chip:
        """Make the chip of one filter."""
        filters: Filters = list(state.filters or [])
        value = next((entry[2] for entry in filters if entry[0] == index), "")
        others = [entry for entry in filters if entry[0] != index]
        without = first_page(state, filters=others)
        return Chip(
            name=found.name,
            kind=found.kind,
            argument=f"flt{len(others)}_{self.argument_of(index, found)}",
            value=value,
            words=found.describe(value) if value else "",
            clear_url=self.url(without),
            choices=tuple(self._choices(index, found, without, value)),
            hidden=tuple(self.arguments(without).items()),
        )

    def _choices(self, index: int, found: PanelFilter, without: ViewArgs, value: str) -> list[Choice]:
        return [
            Choice(label, self.url(self._with(without, (index, found.name, key))), is_set=key == value)
            for key, label in found.choices()
        ]

    def _with(self, state: ViewArgs, entry: tuple[int, str, str]) -> ViewArgs:
        return state.clone(filters=[*(state.filters or []), entry])


def first_page(state: ViewArgs, **changes: Any) -> ViewArgs:
    """Give the state with changes, at its first page: the rows of page nine would be others now."""
    extras = {name: value for name, value in state.extra_args.items() if name not in {"before", "after"}}
    return state.clone(page=0, extra_args=extras, **changes)
