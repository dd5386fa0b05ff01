"""Choices of fields, as WTForms wants them since 3.3: pairs are deprecated there."""

from collections.abc import Iterable

from wtforms import Field
from wtforms.fields.choices import SelectChoice


def choices_of(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    """Make choices of pairs of value and words."""
    return [SelectChoice(value, words) for value, words in pairs]


def words_of(field: Field, value: object) -> str:
    """Say a value of a field in its own words; what is no choice is said as it is."""
    for choice in getattr(field, "choices", None) or ():
        if getattr(choice, "value", choice) == value:
            return str(getattr(choice, "label", choice))
    return "" if value is None else str(value)
