"""The options of a draft as cards."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from socialcube.domain.commands.types import ChannelType, OptionType
from socialcube.web.pages.commands.forms.options import BOUNDS, WITH_CHOICES
from socialcube.web.pages.commands.forms.paths import anchor
from socialcube.web.pages.commands.showing.fields import Problems

TYPES: Final = {
    OptionType.STRING: "Text",
    OptionType.INTEGER: "Whole number",
    OptionType.NUMBER: "Number",
    OptionType.BOOLEAN: "Yes or no",
    OptionType.USER: "Person",
    OptionType.CHANNEL: "Channel",
    OptionType.ROLE: "Role",
}
_BOUND_LABELS: Final = {
    "min_length": "Shortest",
    "max_length": "Longest",
    "min_value": "Smallest",
    "max_value": "Largest",
}
_ICONS: Final = {
    OptionType.STRING: "message",
    OptionType.INTEGER: "hash",
    OptionType.NUMBER: "hash",
    OptionType.BOOLEAN: "check",
    OptionType.USER: "user",
    OptionType.CHANNEL: "hash",
    OptionType.ROLE: "shield",
}


@dataclass(frozen=True, slots=True)
class InputView:
    """One plain input."""

    path: str
    label: str
    value: Any
    problem: str


@dataclass(frozen=True, slots=True)
class ChoiceView:
    """One choice: what people see, and what the steps get."""

    path: str
    name: InputView
    value: InputView


@dataclass(frozen=True, slots=True)
class OptionView:
    """One option.

    Attributes:
        bounds: those that its type may have.
        takes_choices: whether its type may have choices.
        channel_types: the ticked ones, None for types without.
    """

    path: str
    name: InputView
    description: InputView
    type: str
    type_label: str
    icon: str
    is_required: bool
    required_problem: str
    is_open: bool
    takes_choices: bool
    choices: tuple[ChoiceView, ...]
    bounds: tuple[InputView, ...]
    channel_types: tuple[str, ...] | None
    problem: str
    has_problem: bool

    @property
    def anchor(self) -> str:
        """Give the id of its element."""
        return anchor(self.path)


ALL_CHANNEL_TYPES: Final = {kind.value: kind.value.replace("_", " ").capitalize() for kind in ChannelType}


def view_options(options: Any, problems: dict[str, str], opened: str) -> tuple[OptionView, ...]:
    """Give the cards of a draft's options."""
    known = options if isinstance(options, list | tuple) else ()
    return tuple(
        _view(option, f"options[{index}]", problems, opened)
        for index, option in enumerate(known)
        if isinstance(option, Mapping)
    )


def _view(option: Mapping[str, Any], path: str, problems: dict[str, str], opened: str) -> OptionView:
    found = Problems(problems)
    kind = str(option.get("type", ""))
    is_channel = kind == OptionType.CHANNEL
    choices = tuple(
        ChoiceView(
            f"{path}.choices[{index}]",
            _input(choice, f"{path}.choices[{index}]", "name", "Shown as", found),
            _input(choice, f"{path}.choices[{index}]", "value", "Value", found),
        )
        for index, choice in enumerate(option.get("choices", ()))
    )
    return OptionView(
        path=path,
        name=_input(option, path, "name", "Name", found),
        description=_input(option, path, "description", "Description", found),
        type=kind,
        type_label=TYPES.get(kind, kind),  # type: ignore[call-overload] # a word of the enumeration equals its text
        icon=_ICONS.get(kind, "braces"),  # type: ignore[call-overload] # as above
        is_required=option.get("required") is True,
        required_problem=found.take(f"{path}.required"),
        is_open=opened == path or opened.startswith(f"{path}."),
        takes_choices=kind in WITH_CHOICES,
        choices=choices,
        bounds=tuple(
            _input(option, path, bound, _BOUND_LABELS[bound], found) for bound in BOUNDS.get(kind, ())
        ),
        channel_types=tuple(option.get("channel_types", ())) if is_channel else None,
        problem=found.take_inside(path),
        has_problem=any(place == path or place.startswith(f"{path}.") for place in problems),
    )


def _input(holder: Mapping[str, Any], path: str, key: str, label: str, problems: Problems) -> InputView:
    place = f"{path}.{key}"
    value = holder.get(key)
    return InputView(place, label, "" if value is None else value, problems.take(place))
