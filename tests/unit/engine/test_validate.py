from time import thread_time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from socialcube.engine.errors import DocumentInvalidError
from socialcube.engine.validate import check, parse
from tests.factories.engine import make_document, make_if, make_reply, make_step

JSON: Any = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20) | st.binary(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8) | st.integers(), inner, max_size=4)
    ),
    max_leaves=15,
)
STEPS: Any = st.recursive(
    st.fixed_dictionaries(
        {},
        optional={
            "id": st.sampled_from(["a", "b", "", 5]),
            "type": st.sampled_from(["reply", "if", "set_variable", "x", 1]),
            "params": JSON | st.fixed_dictionaries({"text": st.text(max_size=30)}),
            "on_error": st.sampled_from(["stop", "continue", "x", []]),
        },
    ),
    lambda inner: st.fixed_dictionaries(
        {
            "id": st.text(max_size=3),
            "type": st.just("if"),
            "then": st.lists(inner, max_size=3),
            "else": inner | JSON,
        }
    ),
    max_leaves=6,
)


def codes(raw: object) -> list[tuple[str, str]]:
    return [(problem.path, problem.code) for problem in check(raw)]


def test_good_document_has_no_problems() -> None:
    raw = make_document(
        make_step("set_variable", name="n", value="1", kind="number"),
        make_if("{{ vars.n }}", then=[make_reply("a", private=True)], otherwise=[make_reply("b")]),
    )
    assert check(raw) == []
    assert len(parse(raw).steps) == 2


def test_empty_list_of_steps_is_a_document() -> None:
    assert check(make_document()) == []


def test_every_problem_is_listed_at_once() -> None:
    raw = {
        "schema": 1,
        "extra": 1,
        "steps": [
            {"id": "a", "type": "reply", "params": {"text": "{{ user.name", "private": "yes", "color": 1}},
            {"id": "a", "type": "shout", "params": {}},
            {
                "id": "b",
                "type": "if",
                "params": {"conditions": [{"left": "x", "operator": "is"}]},
                "then": [7],
            },
        ],
    }
    assert codes(raw) == [
        ("extra", "unknown_field"),
        ("steps[0].params.text", "template_syntax"),
        ("steps[0].params.private", "wrong_type"),
        ("steps[0].params.color", "unknown_field"),
        ("steps[1].type", "unknown_type"),
        ("steps[1].id", "duplicate_id"),
        ("steps[2].params.conditions[0].operator", "bad_value"),
        ("steps[2].then[0]", "wrong_type"),
    ]


def test_parse_raises_with_all_problems() -> None:
    with pytest.raises(DocumentInvalidError) as caught:
        parse({"schema": 2, "steps": 5})
    assert [problem.code for problem in caught.value.problems] == ["unknown_schema", "wrong_type"]
    assert caught.value.message == (
        "The steps cannot be used yet, see schema: This version of Social Cube reads schema 1."
    )


def test_parse_names_the_document_when_there_is_no_place() -> None:
    with pytest.raises(DocumentInvalidError, match="see document: A command is an object"):
        parse(None)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(("{{ " + "(" * 490 + " }}") * 16, id="parentheses"),
        pytest.param(("{{ a" + "[a" * 240 + " }}") * 16, id="brackets"),
        pytest.param("{{a}}" * 500, id="outputs"),
        pytest.param(("{{ a" + "|a" * 240 + " }}") * 16, id="filters"),
        pytest.param("{{" * 3_990, id="braces"),
        pytest.param("{% if a %}" * 250, id="blocks"),
    ],
)
def test_hostile_document_of_full_size_is_checked_in_bounded_time(text: str) -> None:
    raw = make_document(*[make_reply(text) for _ in range(63_000 // len(text))])
    begin = thread_time()
    assert check(raw)
    assert thread_time() - begin < 5.0


@settings(max_examples=80, deadline=None)
@given(raw=JSON | st.fixed_dictionaries({"schema": st.just(1), "steps": st.lists(STEPS, max_size=5)}))
def test_check_never_raises(raw: object) -> None:
    problems = check(raw)
    if not problems:
        parse(raw)
