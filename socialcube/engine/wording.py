"""Says in plain words what pydantic found wrong with a parameter."""

from collections.abc import Mapping
from typing import Final

from pydantic_core import ErrorDetails

# By pydantic's error type: our code, our sentence; braces take the values that pydantic gives along.
_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "bool_type": ("wrong_type", "This must be true or false."),
    "enum": ("bad_value", "This must be one of: {expected}."),
    "extra_forbidden": ("unknown_field", "There is no such parameter."),
    "greater_than_equal": ("bad_value", "This must be at least {ge}."),
    "int_type": ("wrong_type", "This must be a whole number."),
    "less_than_equal": ("bad_value", "This must be at most {le}."),
    "literal_error": ("bad_value", "This must be one of: {expected}."),
    "missing": ("missing", "This is required."),
    "model_type": ("wrong_type", "This must be an object."),
    "string_type": ("wrong_type", "This must be text."),
    "too_long": ("too_many", "There are {actual_length} of these, and {max_length} fit."),
    "too_short": ("too_few", "There must be at least {min_length}."),
    "tuple_type": ("wrong_type", "This must be a list."),
}


def describe(error: ErrorDetails) -> tuple[str, str]:
    """Give a stable code and a sentence for one of pydantic's errors; our own ones bring theirs."""
    code, sentence = _WORDS.get(error["type"], (error["type"], ""))
    return code, sentence.format_map(error.get("ctx", {})) if sentence else error["msg"]


def relevant(errors: list[ErrorDetails]) -> list[ErrorDetails]:
    """Leave out that a list is too short when its items are wrong: pydantic counts the right ones only."""
    places = [error["loc"] for error in errors]
    return [
        error
        for error in errors
        if error["type"] != "too_short" or not any(_lies_in(place, error["loc"]) for place in places)
    ]


def _lies_in(place: tuple[int | str, ...], outer: tuple[int | str, ...]) -> bool:
    return len(place) > len(outer) and place[: len(outer)] == outer
