import json
from typing import Any

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from socialcube.domain.commands import documents
from socialcube.domain.commands.documents.files import MAX_PROBLEMS
from socialcube.domain.commands.errors import CommandsInvalidError, say
from tests.factories.commands import make_document, make_raw_option, make_reply_step

HELLO = """
schema: 1
name: hello
description: Say hello
steps:
  - {id: answer, type: reply, params: {text: Hello}}
"""
RICH: list[dict[str, Any]] = [
    {},
    {
        "name": "rich",
        "nsfw": True,
        "default_member_permissions": "0",
        "contexts": ["guild"],
        "options": [
            make_raw_option(name="who", type="user", required=True),
            make_raw_option(name="n", type="number", min_value=0.5, max_value=3),
            make_raw_option(name="size", type="integer", choices=[{"name": "No", "value": 1}]),
            make_raw_option(name="where", type="channel", channel_types=["text"]),
            make_raw_option(name="t", min_length=1, max_length=2),
        ],
        "steps": [
            make_reply_step("yes\n\n  no: *x &y !z\n"),
            {"id": "b", "type": "reply", "params": {"text": "1"}},
        ],
    },
]


def problems(source: str | bytes) -> list[str]:
    with pytest.raises(CommandsInvalidError) as caught:
        documents.parse_yaml(source)
    return [say(problem) for problem in caught.value.problems]


def test_a_file_holds_one_command() -> None:
    assert documents.parse_yaml(HELLO) == [make_document()]


def test_a_file_holds_several_commands() -> None:
    text = documents.to_yaml([make_document(), make_document(name="bye")])
    assert [document.name for document in documents.parse_yaml(text.encode())] == ["hello", "bye"]


@pytest.mark.parametrize("changes", RICH)
def test_what_goes_out_comes_in_again(changes: dict[str, Any]) -> None:
    document = documents.parse(make_document(**changes).to_json())
    assert documents.parse_yaml(documents.to_yaml([document])) == [document]


ANY_TEXT = st.text(max_size=60) | st.text(
    alphabet=" \n\r\t\x85\u2028\ufeff:#-'\"{}[]&*!|>%@`ab1", max_size=20
)


@given(ANY_TEXT, ANY_TEXT)
def test_any_text_survives_the_way_out_and_in(description: str, text: str) -> None:
    raw = make_document().to_json() | {"description": description, "steps": [make_reply_step(text)]}
    assume(not documents.check(raw))
    document = documents.parse(raw)
    assert documents.parse_yaml(documents.to_yaml([document])) == [document]


def test_problems_of_all_commands_are_listed_with_their_places() -> None:
    text = """
commands:
  - {schema: 1, name: hello, description: d, steps: []}
  - {schema: 1, name: Bad, description: d, options: [{name: x y, type: string, description: d}], steps: [{}]}
  - 5
  - {schema: 1, name: hello, description: d, steps: []}
more: 1
"""
    found = problems(text)
    assert [line.partition(": ")[0] for line in found] == [
        "more",
        "commands[1].name",
        "commands[1].options[0].name",
        "commands[1].steps[0].type",
        "commands[1].steps[0].id",
        "commands[2]",
        "commands[3].name",
    ]
    assert "commands[0]" in found[-1]


def test_the_line_of_a_template_is_kept() -> None:
    broken = make_document(name="bye", steps=[make_reply_step("one\n{{ user.")])
    with pytest.raises(CommandsInvalidError) as caught:
        documents.parse_yaml(documents.to_yaml([make_document(), broken]))
    (problem,) = caught.value.problems
    assert (problem.path, problem.line) == ("commands[1].steps[0].params.text", 2)


@pytest.mark.parametrize("text", ["commands: []", "commands: {}", "commands:", "commands: hello"])
def test_a_list_without_commands_is_said(text: str) -> None:
    assert problems(text)[0].startswith("commands: ")


@pytest.mark.parametrize("text", ["", "---\n", "# nothing"])
def test_an_empty_file_is_said(text: str) -> None:
    assert "empty" in problems(text)[0]


def test_a_file_that_is_not_yaml_is_said_alone() -> None:
    assert len(problems("name: [")) == 1


def test_a_flood_of_problems_is_cut() -> None:
    assert len(problems("commands: [" + "1," * 500 + "]")) == MAX_PROBLEMS


ALMOST = st.recursive(
    st.none() | st.integers() | st.text(max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["name", "type", "id", "steps", "then", "params"]), inner, max_size=3
        )
    ),
    max_leaves=8,
)


@given(st.text() | st.text(alphabet=" \n-:[]{}&*!|>'\"#,abcdenmos1~", max_size=60) | st.binary())
def test_whatever_a_file_holds_it_gives_problems_and_no_traceback(source: str | bytes) -> None:
    assert problems(source)


@given(st.dictionaries(st.sampled_from(["commands", "name", "steps", "options", "schema"]), ALMOST))
def test_a_file_of_almost_commands_gives_problems_and_no_traceback(data: dict[str, object]) -> None:
    assert problems(json.dumps(data))
