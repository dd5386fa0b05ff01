from typing import Any

import pytest

from socialcube.domain.commands.documents import read_answers
from socialcube.domain.commands.errors import AnswersInvalidError
from tests.factories.commands import make_document, make_raw_option


def read(raw: object, **option: Any) -> object:
    return read_answers(make_document(options=[make_raw_option(**option)]), {"word": raw})["word"]


@pytest.mark.parametrize(
    ("kind", "raw", "value"),
    [
        ("string", "hello", "hello"),
        ("string", 5, "5"),
        ("integer", "5", 5),
        ("integer", -5, -5),
        ("integer", "5.0", 5),
        ("number", "0.5", 0.5),
        ("number", 2, 2.0),
        ("boolean", "true", True),
        ("boolean", "No", False),
        ("boolean", True, True),
        ("user", "42", {"id": "42", "name": "42", "mention": "<@42>"}),
        ("channel", 42, {"id": "42", "name": "42", "mention": "<#42>"}),
        ("role", "42", {"id": "42", "name": "42", "mention": "<@&42>"}),
    ],
)
def test_answers_are_read_by_type(kind: str, raw: object, value: object) -> None:
    answer = read(raw, type=kind)
    assert answer == value
    assert type(answer) is type(value)


@pytest.mark.parametrize(
    ("option", "raw"),
    [
        ({"type": "integer"}, "5.5"),
        ({"type": "integer"}, "five"),
        ({"type": "integer"}, "inf"),
        ({"type": "number"}, "nan"),
        ({"type": "number"}, "9" * 400),
        ({"type": "number", "min_value": 1}, 0.5),
        ({"type": "number", "max_value": 0}, 0.5),
        ({"type": "boolean"}, "perhaps"),
        ({"type": "user"}, "ann"),
        ({"type": "role"}, "9" * 5000),
        ({"type": "string", "min_length": 2}, "a"),
        ({"type": "string", "max_length": 2}, "abc"),
        ({"type": "string"}, "x" * 6001),
        ({"type": "integer", "choices": [{"name": "One", "value": 1}]}, 2),
    ],
)
def test_an_answer_nobody_could_type_is_refused_by_option(option: dict[str, Any], raw: object) -> None:
    with pytest.raises(AnswersInvalidError) as caught:
        read(raw, **option)
    assert [problem.path for problem in caught.value.problems] == ["word"]


def test_a_choice_is_one_of_its_values() -> None:
    assert read("1", type="integer", choices=[{"name": "One", "value": 1}]) == 1


def test_what_may_be_left_out_is_not_there() -> None:
    assert read_answers(make_document(options=[make_raw_option()]), {}) == {}


def test_all_problems_are_listed() -> None:
    options = [make_raw_option(required=True), make_raw_option(name="n", type="integer")]
    with pytest.raises(AnswersInvalidError) as caught:
        read_answers(make_document(options=options), {"other": 1, "n": "x"})
    assert {(problem.path, problem.code) for problem in caught.value.problems} == {
        ("other", "unknown_option"),
        ("word", "missing"),
        ("n", "bad_value"),
    }
    said = str(caught.value)
    assert all(f"{name}: " in said for name in ("other", "word", "n"))
