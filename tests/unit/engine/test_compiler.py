from typing import Any

import pytest

from socialcube.engine.validate import check
from tests.factories.engine import make_document, make_if, make_reply, make_step


def problem_of(raw: object) -> tuple[str, str, str]:
    (problem,) = check(raw)
    return problem.path, problem.code, problem.message


def with_step(**changes: Any) -> dict[str, Any]:
    step = make_reply() | changes
    return make_document({key: value for key, value in step.items() if value is not ...})


@pytest.mark.parametrize("raw", [None, [], "x", 5, True])
def test_document_must_be_an_object(raw: object) -> None:
    assert problem_of(raw)[:2] == ("", "wrong_type")


@pytest.mark.parametrize("schema", [2, "1", None, True, 1.5])
def test_other_schemas_are_refused(schema: object) -> None:
    assert problem_of({"schema": schema, "steps": []})[:2] == ("schema", "unknown_schema")


def test_steps_are_required() -> None:
    assert problem_of({"schema": 1})[:2] == ("steps", "missing")


@pytest.mark.parametrize(
    ("changes", "path", "code"),
    [
        ({"id": ...}, "steps[0].id", "missing"),
        ({"id": ""}, "steps[0].id", "bad_id"),
        ({"id": 5}, "steps[0].id", "bad_id"),
        ({"id": "a b"}, "steps[0].id", "bad_id"),
        ({"id": "x" * 41}, "steps[0].id", "bad_id"),
        ({"type": ...}, "steps[0].type", "missing"),
        ({"type": 5}, "steps[0].type", "wrong_type"),
        ({"type": "nope"}, "steps[0].type", "unknown_type"),
        ({"on_error": "explode"}, "steps[0].on_error", "bad_value"),
        ({"on_error": ["stop"]}, "steps[0].on_error", "bad_value"),
        ({"params": [1]}, "steps[0].params", "wrong_type"),
        ({"params": ...}, "steps[0].params", "message_empty"),
        ({"when": 1}, "steps[0].when", "unknown_field"),
        ({"then": []}, "steps[0].then", "unknown_field"),
    ],
)
def test_broken_step_is_refused_in_its_place(changes: dict[str, Any], path: str, code: str) -> None:
    assert problem_of(with_step(**changes))[:2] == (path, code)


def test_problems_in_branches_have_their_place() -> None:
    raw = make_document(make_if("a", otherwise=[make_reply("ok"), make_reply("a\n {{ user.name | nope }}")]))
    (problem,) = check(raw)
    assert problem.path == "steps[0].else[1].params.text"
    assert (problem.line, problem.column) == (2, 17)


def test_problem_shows_no_more_of_the_input_than_needed() -> None:
    _, _, message = problem_of(with_step(type="x" * 5_000))
    assert len(message) < 200


def test_branches_of_unknown_actions_are_checked_too() -> None:
    raw = with_step(type="nope", then=[{"id": "q"}])
    assert [problem.path for problem in check(raw)] == ["steps[0].type", "steps[0].then[0].type"]


def test_steps_nest_ten_deep_and_no_deeper() -> None:
    step = make_reply()
    for _ in range(9):
        step = make_if("a", then=[step])
    assert check(make_document(step)) == []
    path, code, _ = problem_of(make_document(make_if("a", then=[step])))
    assert (path, code) == ("steps[0]" + ".then[0]" * 9 + ".then", "too_deep")


def test_hundred_steps_fit_and_no_more() -> None:
    steps = [make_if("a", then=[make_reply()]) for _ in range(50)]
    assert check(make_document(*steps)) == []
    path, code, _ = problem_of(make_document(*steps, make_reply(), make_reply()))
    assert (path, code) == ("steps[50]", "too_many_steps")


def test_at_most_a_hundred_problems_are_listed() -> None:
    steps = [make_step("nope") | {"odd": 1} for _ in range(90)]
    assert len(check(make_document(*steps))) == 100
