"""Filters of lists: each has a name in the address, takes what it understands, and is drawn as a chip."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from flask import has_request_context
from flask_admin.model.filters import BaseFilter
from sqlalchemy import ColumnElement
from sqlalchemy.orm import Query

MAX_LENGTH: Final = 200
Choices = Sequence[tuple[str, str]]
Condition = Callable[[Any], ColumnElement[bool]]


class PanelFilter(BaseFilter):  # type: ignore[misc] # Flask-Admin ships no types
    """A filter that adds one condition.

    Attributes:
        kind: how it is drawn: `choice`, `text` or `moment`.
        word: what stands between its name and its value in the address.
        takes: tells whether what it filters has room for a value; a list may say so.
    """

    kind = "text"
    word = "contains"

    def __init__(self, name: str, condition: Condition) -> None:
        super().__init__(name)
        self._condition = condition
        self.takes: Callable[[Any], bool] = lambda _value: True

    def operation(self) -> str:
        """Give the second half of its name in addresses."""
        return self.word

    def validate(self, value: str) -> bool:
        """Tell whether the value means something here."""
        is_text = 0 < len(value) <= MAX_LENGTH and "\x00" not in value
        return is_text and super().validate(value) and self.takes(self.clean(value))

    def apply(self, query: Query[Any], value: Any, alias: Any = None) -> Query[Any]:  # noqa: ARG002 - its shape
        """Add the condition."""
        return query.filter(self._condition(value))

    def choices(self) -> Choices:
        """Give what may be chosen, as value and words; nothing for what is typed."""
        return ()

    def describe(self, value: str) -> str:
        """Say a value in words."""
        return dict(self.choices()).get(value, value)


class TextFilter(PanelFilter):
    """Takes a part of a text."""


class MomentFilter(PanelFilter):
    """Takes a moment, as a browser's date field gives it; without an offset it is UTC."""

    kind = "moment"

    def __init__(self, name: str, word: str, condition: Condition) -> None:
        self.word = word
        super().__init__(name, condition)

    def clean(self, value: str) -> datetime:
        """Read the moment.

        Raises:
            ValueError: it is none.
        """
        moment = datetime.fromisoformat(value)
        try:
            return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
        except OverflowError as error:
            # In UTC it lies before the first year, or after the last one.
            raise ValueError(value) from error

    def describe(self, value: str) -> str:
        """Say it shortly."""
        return self.clean(value).strftime("%-d %b %Y, %H:%M")


class ChoiceFilter(PanelFilter):
    """Takes one of some values; they may depend on who asks."""

    kind = "choice"
    word = "is"

    def __init__(self, name: str, choices: Choices | Callable[[], Choices], condition: Condition) -> None:
        super().__init__(name, condition)
        self._choices = choices

    def choices(self) -> Choices:
        """Give what may be chosen by the person at hand."""
        if not callable(self._choices):
            return self._choices
        return self._choices() if has_request_context() else ()

    def clean(self, value: str) -> str:
        """Give the value.

        Raises:
            ValueError: it is none of the choices.
        """
        if value not in dict(self.choices()):
            raise ValueError(value)
        return value
