from typing import Any

import pytest

from socialcube.domain.commands import documents
from socialcube.domain.commands.types import ChannelType, OptionType
from tests.factories.commands import make_raw_command, make_raw_option


def problems(*options: dict[str, Any], **changes: Any) -> list[str]:
    raw = make_raw_command(options=list(options), **changes)
    return [f"{problem.path}: {problem.code}" for problem in documents.check(raw)]


def option(**changes: Any) -> dict[str, Any]:
    return make_raw_option(**changes)


def choice(value: object, name: str = "One") -> dict[str, object]:
    return {"name": name, "value": value}


@pytest.mark.parametrize("kind", list(OptionType))
def test_every_type_of_option_is_known(kind: OptionType) -> None:
    assert problems(option(type=kind.value)) == []


def test_required_options_come_first() -> None:
    first, second, third = option(name="a"), option(name="b", required=True), option(name="c", required=True)
    assert problems(second, third, first) == []
    assert problems(first, second, third) == [
        "options[1].required: bad_order",
        "options[2].required: bad_order",
    ]


def test_names_of_options_differ() -> None:
    assert problems(option(), option(name="b"), option()) == ["options[2].name: duplicate"]


def test_twenty_five_options_fit() -> None:
    assert problems(*(option(name=f"o{number}") for number in range(25))) == []


@pytest.mark.parametrize(
    "good",
    [
        {"type": "string", "min_length": 0, "max_length": 6000},
        {"type": "string", "min_length": 3, "max_length": 3},
        {"type": "string", "choices": [choice("a"), choice("b", "Two")]},
        {"type": "integer", "min_value": -5, "max_value": 5},
        {"type": "integer", "min_value": 0},
        {"type": "integer", "choices": [choice(1), choice(2, "Two")]},
        {"type": "number", "min_value": 0.5, "max_value": 2},
        {"type": "number", "choices": [choice(1.5), choice(2, "Two")]},
        {"type": "channel", "channel_types": [kind.value for kind in ChannelType]},
        {"type": "string", "choices": [choice(f"v{n}", f"n{n}") for n in range(25)]},
        {"type": "user", "choices": [], "min_value": None},
    ],
)
def test_rules_that_fit_their_type(good: dict[str, Any]) -> None:
    assert problems(option(**good)) == []


@pytest.mark.parametrize(
    ("bad", "expected"),
    [
        ({"type": "boolean", "choices": [choice("a")]}, ["choices: not_for_type"]),
        ({"type": "string", "min_value": 0}, ["min_value: not_for_type"]),
        ({"type": "user", "max_value": 1}, ["max_value: not_for_type"]),
        ({"type": "integer", "min_length": 0}, ["min_length: not_for_type"]),
        ({"type": "number", "max_length": 1}, ["max_length: not_for_type"]),
        ({"type": "role", "channel_types": ["text"]}, ["channel_types: not_for_type"]),
        ({"type": "integer", "min_value": 5, "max_value": 4}, ["max_value: bad_value"]),
        ({"type": "integer", "min_value": 0.5}, ["min_value: bad_value"]),
        ({"type": "integer", "max_value": 1 << 53}, ["max_value: bad_value"]),
        ({"type": "number", "min_value": -(2.0**60)}, ["min_value: bad_value"]),
        ({"type": "number", "min_value": "1"}, ["min_value: wrong_type"]),
        ({"type": "number", "min_value": True}, ["min_value: wrong_type"]),
        ({"min_length": 4, "max_length": 3}, ["max_length: bad_value"]),
        ({"max_length": 0}, ["max_length: bad_value"]),
        ({"max_length": 6001}, ["max_length: bad_value"]),
        ({"min_length": -1}, ["min_length: bad_value"]),
        ({"min_length": 1.0}, ["min_length: wrong_type"]),
        ({"type": "channel", "channel_types": ["moon"]}, ["channel_types[0]: bad_value"]),
        ({"choices": [choice("a"), choice("b")]}, ["choices[1].name: duplicate"]),
        ({"choices": [choice("a"), choice("a", "Two")]}, ["choices[1].value: duplicate"]),
        ({"choices": [choice(1)]}, ["choices[0].value: bad_value"]),
        ({"choices": [choice("")]}, ["choices[0].value: bad_value"]),
        ({"choices": [choice("x" * 101)]}, ["choices[0].value: bad_value"]),
        ({"choices": [choice(value=True)]}, ["choices[0].value: wrong_type"]),
        ({"choices": [choice(None)]}, ["choices[0].value: wrong_type"]),
        ({"choices": [choice("a", "")]}, ["choices[0].name: bad_length"]),
        ({"choices": [choice("a", "x" * 101)]}, ["choices[0].name: bad_length"]),
        ({"choices": ["a"]}, ["choices[0]: wrong_type"]),
        ({"choices": [choice(f"v{n}", f"n{n}") for n in range(26)]}, ["choices: too_many"]),
        ({"type": "integer", "choices": [choice("1")]}, ["choices[0].value: bad_value"]),
        ({"type": "integer", "choices": [choice(1.5)]}, ["choices[0].value: bad_value"]),
        ({"type": "number", "choices": [choice(1), choice(1.0, "Two")]}, ["choices[1].value: duplicate"]),
        ({"type": "number", "choices": [choice(1e300)]}, ["choices[0].value: bad_value"]),
        ({"name": "Word"}, ["name: bad_name"]),
        ({"description": "x" * 101}, ["description: bad_length"]),
        ({"required": "yes"}, ["required: wrong_type"]),
        ({"autocomplete": True}, ["autocomplete: unknown_field"]),
    ],
)
def test_a_rule_that_is_broken_is_named_with_its_place(bad: dict[str, Any], expected: list[str]) -> None:
    assert problems(option(**bad)) == [f"options[0].{problem}" for problem in expected]


def test_one_wrong_option_hides_no_problem_of_the_others() -> None:
    found = problems(option(name="A"), option(name="b", max_length=0), "text", option(name="b"))  # type: ignore[arg-type] # hostile
    assert found == [
        "options[0].name: bad_name",
        "options[2]: wrong_type",
        "options[3].name: duplicate",
        "options[1].max_length: bad_value",
    ]


def test_all_texts_together_are_bounded() -> None:
    def with_choices(length: int) -> list[dict[str, Any]]:
        choices = [choice(f"{number:02}" + "x" * length, f"{number:02}") for number in range(25)]
        return [option(name=f"o{number}", choices=choices) for number in range(3)]

    assert problems(*with_choices(98)) == []
    assert problems(*with_choices(98), option(name="y", choices=with_choices(98)[0]["choices"])) == [
        ": too_long"
    ]
