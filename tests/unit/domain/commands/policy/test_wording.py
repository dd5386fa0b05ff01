"""What differs between two commands, in words."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialcube.domain.commands.policy.sameness import differences
from socialcube.domain.commands.policy.wording import list_changes
from tests.factories.commands import make_desired, make_raw_option, make_remote


def tell(remote: dict[str, Any], **wanted: Any) -> list[tuple[str, str, str]]:
    """Tell how a command at Discord with changes in its body becomes the desired one."""
    desired = make_desired(**wanted)
    body = {**make_remote().body, **desired.body, **remote}
    return [(change.label, change.before, change.after) for change in list_changes(body, desired.body)]


def option(name: str = "word", **changes: Any) -> dict[str, Any]:
    return {"type": 3, "name": name, "description": "A word", "required": False} | changes


def test_the_same_command_has_no_changes() -> None:
    assert tell({}) == []


@pytest.mark.parametrize(
    ("remote", "change"),
    [
        ({"description": "Old words"}, ("Description", "Old words", "Say hello")),
        (
            {"default_member_permissions": "36"},
            ("Who may use it", "people with Manage Server, Ban Members", "everybody"),
        ),
        (
            {"default_member_permissions": "0"},
            ("Who may use it", "nobody but administrators", "everybody"),
        ),
        (
            {"contexts": [0]},
            ("Where it shows", "servers", "servers, direct messages with the bot"),
        ),
        ({"nsfw": True}, ("Age-restricted", "yes", "no")),
        ({"name_localizations": {"de": "hallo"}}, ("Translations of the name", "de: hallo", "none")),
    ],
)
def test_a_field_is_told_with_both_values(remote: dict[str, Any], change: tuple[str, str, str]) -> None:
    assert tell(remote)[0][0] == change[0]
    assert tell(remote)[0][1] == change[1]
    if change[0] != "Where it shows":
        assert tell(remote) == [change]


def test_options_are_told_by_their_names() -> None:
    wanted = [make_raw_option(), make_raw_option(name="size", description="How big", required=True)]
    wanted.reverse()
    assert tell({"options": [option(), option("old")]}, options=wanted) == [
        ("Option old", "text: A word", ""),
        ("Option size", "", "required text: How big"),
    ]


def test_a_changed_option_tells_what_of_it() -> None:
    wanted = [make_raw_option(choices=[{"name": "Red", "value": "red"}, {"name": "blue", "value": "blue"}])]
    remote = option(description="Old", required=True, choices=[{"name": "red", "value": "red"}])
    assert tell({"options": [remote]}, options=wanted) == [
        ("Option word: description", "Old", "A word"),
        ("Option word: required", "yes", "no"),
        ("Option word: choices", "red", "Red (red), blue"),
    ]


def test_another_order_of_options_is_told() -> None:
    wanted = [make_raw_option(name="one"), make_raw_option(name="two")]
    assert tell({"options": [option("two"), option("one")]}, options=wanted) == [
        ("Order of options", "two, one", "one, two")
    ]


def test_options_within_options_are_told_with_their_parents() -> None:
    here = {"type": 1, "name": "hello", "description": "", "options": [option(type=1, options=[option("a")])]}
    there = {"type": 1, "name": "hello", "description": "", "options": [option(type=1, options=[])]}
    assert [change.label for change in list_changes(here, there)] == ["Option word, a"]


def test_kinds_that_nobody_knows_yet_are_told_by_number() -> None:
    here = {"name": "a", "options": [option(type=99, channel_types=[77])]}
    there = {"name": "a", "options": [option(type=7, channel_types=[0])]}
    assert [(change.before, change.after) for change in list_changes(here, there)] == [
        ("kind 99", "channel"),
        ("kind 77", "text"),
    ]


def test_long_texts_are_cut() -> None:
    [change] = list_changes({"name": "a", "description": "x" * 300}, {"name": "a", "description": "y"})
    assert len(change.before) == 200
    assert change.before.endswith("…")


BODIES = st.fixed_dictionaries(
    {
        "name": st.just("hello"),
        "description": st.sampled_from(["", "One", "Two"]),
        "nsfw": st.booleans(),
        "default_member_permissions": st.sampled_from([None, "0", "8", "odd"]),
        "options": st.lists(
            st.builds(
                option,
                st.sampled_from(["a", "b"]),
                type=st.sampled_from([3, 4, 5]),
                required=st.booleans(),
                min_value=st.sampled_from([None, 1, 1.0, 2.5]),
            ),
            max_size=2,
            unique_by=lambda item: item["name"],
        ),
    }
)


@given(BODIES, BODIES)
def test_there_are_words_exactly_where_there_are_differences(
    here: dict[str, Any], there: dict[str, Any]
) -> None:
    assert bool(list_changes(here, there)) == bool(differences(here, there))
