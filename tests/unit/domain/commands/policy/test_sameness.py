from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialcube.domain.commands.documents import to_registration
from socialcube.domain.commands.policy import digest, normalise
from socialcube.domain.commands.policy.sameness import differences, digest_of
from tests.factories.commands import make_desired, make_document, make_raw_option, make_remote

OPTIONS = [make_raw_option(name="n", type="integer", min_value=1, choices=[{"name": "One", "value": 1}])]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
)


def remote_option(**changes: Any) -> dict[str, Any]:
    body = {
        "type": 4,
        "name": "n",
        "description": "A word",
        "min_value": 1.0,
        "choices": [{"name": "One", "value": 1, "name_localizations": None}],
        "name_localizations": None,
        "description_localizations": {},
    }
    return body | changes


def test_what_discord_shows_of_our_command_is_the_same() -> None:
    remote = make_remote(options=[remote_option()])
    assert differences(remote.body, make_desired(options=OPTIONS).body) == ()
    assert digest_of(remote) == make_desired(options=OPTIONS).digest


def test_in_one_server_too() -> None:
    assert differences(make_remote(guild_id=31).body, make_desired(guild_id=31).body) == ()
    assert digest_of(make_remote(guild_id=31)) == make_desired(guild_id=31).digest


@pytest.mark.parametrize(
    "changes",
    [
        {"options": None},
        {"options": []},
        {"contexts": (1, 0)},
        {"contexts": [0, 1, 1]},
        {"nsfw": None},
        {"dm_permission": True},
        {"integration_types": [0]},
        {"handler": 1},
        {"name_localizations": {}},
        {"type": None},
    ],
)
def test_another_way_of_writing_is_no_difference(changes: dict[str, Any]) -> None:
    assert differences(make_remote(**changes).body, make_desired().body) == ()


def test_a_default_that_is_left_out_is_no_difference() -> None:
    short = {"name": "hello", "description": "Say hello", "contexts": [0, 1]}
    assert normalise(short) == normalise(make_remote().body)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"description": "Other"}, "description"),
        ({"nsfw": True}, "nsfw"),
        ({"contexts": [0]}, "contexts"),
        ({"contexts": None}, "contexts"),
        ({"default_member_permissions": "8"}, "default_member_permissions"),
        ({"default_member_permissions": 0}, "default_member_permissions"),
        ({"name_localizations": {"de": "hallo"}}, "name_localizations"),
        ({"options": [remote_option()]}, "options"),
    ],
)
def test_a_difference_is_named(changes: dict[str, Any], field: str) -> None:
    assert differences(make_remote(**changes).body, make_desired().body) == (field,)


@pytest.mark.parametrize(
    "changes",
    [
        {"required": True},
        {"type": 10},
        {"min_value": 2},
        {"max_value": 2},
        {"choices": []},
        {"choices": [{"name": "One", "value": 2}]},
        {"description": "Other"},
        {"autocomplete": True},
        {"options": [remote_option()]},
        {"channel_types": [0]},
    ],
)
def test_a_difference_inside_an_option_counts(changes: dict[str, Any]) -> None:
    desired = make_desired(options=OPTIONS)
    assert differences(make_remote(options=[remote_option(**changes)]).body, desired.body) == ("options",)


def test_the_order_of_options_counts() -> None:
    options = [make_raw_option(name="a"), make_raw_option(name="b")]
    one, other = (to_registration(make_document(options=order), None) for order in (options, options[::-1]))
    assert differences(one, other) == ("options",)


def test_digests_ignore_the_order_of_keys_only() -> None:
    assert digest({"a": 1, "b": [1, 2]}) == digest({"b": [1, 2], "a": 1})
    assert digest({"a": [1, 2]}) != digest({"a": [2, 1]})
    assert len(digest("\ud800")) == 64


@given(JSON, JSON)
def test_digests_are_equal_for_equal_data_only(one: object, other: object) -> None:
    # Python takes 1 and True for equal, JSON does not.
    assert (digest(one) == digest(other)) == (
        repr(one) == repr(other) or _canonical(one) == _canonical(other)
    )


def _canonical(value: object) -> object:
    if isinstance(value, dict):
        return {key: _canonical(value[key]) for key in sorted(value)}.__repr__()
    return repr([_canonical(item) for item in value]) if isinstance(value, list) else repr(value)


def test_normalising_twice_changes_nothing() -> None:
    once = normalise(make_remote(options=[remote_option()]).body)
    assert normalise(once) == once
