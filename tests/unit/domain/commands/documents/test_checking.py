import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialcube.domain.commands import documents
from socialcube.domain.commands.documents import CommandDocument
from socialcube.domain.commands.errors import CommandsInvalidError
from tests.factories.commands import make_document, make_raw_command, make_raw_option, make_reply_step

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


def paths(**changes: Any) -> list[str]:
    return [problem.path for problem in documents.check(make_raw_command(**changes))]


def test_a_command_that_keeps_the_rules_has_no_problems() -> None:
    assert (
        paths(options=[make_raw_option()], nsfw=True, contexts=["guild"], default_member_permissions="8")
        == []
    )


@pytest.mark.parametrize("raw", [None, [], "text", 3, True])
def test_what_is_no_object_is_refused(raw: object) -> None:
    (problem,) = documents.check(raw)
    assert (problem.path, problem.code) == ("", "wrong_type")


@pytest.mark.parametrize("key", ["schema", "name", "description", "steps"])
def test_what_is_required_is_missed(key: str) -> None:
    raw = make_raw_command()
    del raw[key]
    assert [(item.path, item.code) for item in documents.check(raw)] == [
        (key, "missing" if key != "schema" else "unknown_schema")
    ]


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("name", 5),
        ("name", "Two Words"),
        ("description", ""),
        ("description", "   "),
        ("description", "x" * 101),
        ("description", None),
        ("options", "none"),
        ("options", [make_raw_option(name=f"o{number}") for number in range(26)]),
        ("nsfw", "yes"),
        ("nsfw", 1),
        ("default_member_permissions", 8),
        ("default_member_permissions", "-1"),
        ("default_member_permissions", "08"),
        ("default_member_permissions", "8 "),
        ("default_member_permissions", str(1 << 54)),
        ("default_member_permissions", "9" * 9000),
        ("default_member_permissions", "٨"),
        ("contexts", []),
        ("contexts", ["moon"]),
        ("schema", 2),
        ("schema", "1"),
        ("steps", {}),
        ("colour", "red"),
    ],
)
def test_a_wrong_field_is_named(key: str, value: object) -> None:
    found = paths(**{key: value})
    assert len(found) == 1
    assert found[0].startswith(key)


def test_all_problems_are_listed_at_once_each_with_its_place() -> None:
    found = paths(
        name="Bad",
        options=[{"type": "string"}, make_raw_option(name="x", type="strin"), make_raw_option(required=True)],
        steps=[{"id": "a", "type": "fly"}],
        extra=1,
    )
    assert found == [
        "name",
        "options[0].name",
        "options[0].description",
        "options[1].type",
        "extra",
        "options[2].required",
        "steps[0].type",
    ]


def test_a_broken_template_is_placed_to_its_line() -> None:
    (problem,) = documents.check(make_raw_command(steps=[make_reply_step("one\n{{ user.")]))
    assert problem.path == "steps[0].params.text"
    assert problem.line == 2


def test_texts_that_no_database_stores_are_refused() -> None:
    assert paths(description="a\0b") == ["description"]


def test_texts_lose_the_blanks_around_them() -> None:
    document = documents.parse(make_raw_command(description=" Say hello \n"))
    assert document.description == "Say hello"


def test_parsing_gives_the_document_or_all_problems() -> None:
    assert documents.parse(make_raw_command()) == make_document()
    with pytest.raises(CommandsInvalidError) as caught:
        documents.parse(make_raw_command(name="A", extra=1))
    assert [problem.path for problem in caught.value.problems] == ["name", "extra"]
    assert "name: " in caught.value.message


def test_plain_data_leaves_out_what_only_repeats_a_default() -> None:
    raw = make_raw_command(options=[make_raw_option()])
    verbose = raw | {
        "options": [make_raw_option(required=False, choices=[], min_length=None)],
        "nsfw": False,
        "default_member_permissions": None,
        "contexts": ["guild", "bot_dm"],
    }
    assert documents.parse(verbose).to_json() == raw


def test_all_ways_of_writing_a_command_share_one_canonical_form() -> None:
    short = documents.parse(make_raw_command())
    step = {"type": "reply", "params": {"text": "Hello"}, "on_error": "stop", "id": "answer"}
    long = documents.parse(make_raw_command(steps=[step], options=[]))
    assert documents.canonical(short) == documents.canonical(long)
    assert documents.parse(documents.canonical(short)).name == "hello"


def test_documents_never_change() -> None:
    with pytest.raises(ValueError, match="frozen"):
        make_document().name = "other"  # type: ignore[misc] # this is what is tested


@given(JSON)
def test_checking_never_raises_whatever_it_gets(raw: object) -> None:
    assert documents.check(raw)


@given(
    st.fixed_dictionaries(
        {}, optional=dict.fromkeys(CommandDocument.model_json_schema(by_alias=True)["properties"], JSON)
    )
)
def test_checking_never_raises_on_wrong_values_in_right_places(changes: dict[str, object]) -> None:
    problems = documents.check(make_raw_command(**changes))
    if not problems:
        assert json.dumps(documents.parse(make_raw_command(**changes)).to_json())


@given(
    st.fixed_dictionaries(
        {},
        optional=dict.fromkeys(
            ("name", "type", "choices", "min_value", "max_value", "min_length", "channel_types"), JSON
        ),
    )
)
def test_checking_never_raises_on_wrong_options(changes: dict[str, object]) -> None:
    documents.check(make_raw_command(options=[make_raw_option(**changes), changes]))
