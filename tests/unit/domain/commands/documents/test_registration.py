from typing import Any

import pytest

from socialcube.domain.commands.documents import to_registration
from socialcube.domain.commands.types import ChannelType, OptionType
from tests.factories.commands import make_document, make_raw_option


def option_body(**changes: Any) -> dict[str, Any]:
    body: dict[str, Any] = to_registration(make_document(options=[make_raw_option(**changes)]), None)[
        "options"
    ][0]
    return body


def test_a_command_for_all_servers_names_its_contexts() -> None:
    assert to_registration(make_document(contexts=["private_channel", "guild", "guild"]), None) == {
        "type": 1,
        "name": "hello",
        "description": "Say hello",
        "options": [],
        "default_member_permissions": None,
        "nsfw": False,
        "contexts": [0, 2],
    }


def test_a_command_for_one_server_has_no_contexts() -> None:
    body = to_registration(make_document(nsfw=True, default_member_permissions="8"), 31)
    assert "contexts" not in body
    assert (body["nsfw"], body["default_member_permissions"]) == (True, "8")


@pytest.mark.parametrize(
    ("kind", "number"),
    [("string", 3), ("integer", 4), ("boolean", 5), ("user", 6), ("channel", 7), ("role", 8), ("number", 10)],
)
def test_types_have_discords_numbers(kind: str, number: int) -> None:
    assert option_body(type=kind)["type"] == number


def test_every_type_can_be_registered() -> None:
    assert len({option_body(type=kind.value)["type"] for kind in OptionType}) == len(OptionType)
    kinds = [kind.value for kind in ChannelType]
    assert len(option_body(type="channel", channel_types=kinds)["channel_types"]) == len(ChannelType)


def test_what_is_not_set_is_left_out() -> None:
    assert option_body() == {"type": 3, "name": "word", "description": "A word", "required": False}


def test_bounds_of_nothing_are_bounds() -> None:
    body = option_body(type="integer", min_value=0, max_value=0)
    assert (body["min_value"], body["max_value"]) == (0, 0)


def test_choices_and_channels_are_passed_on() -> None:
    choices = [{"name": "One", "value": 1}]
    assert option_body(type="integer", choices=choices)["choices"] == choices
    assert option_body(type="channel", channel_types=["forum", "text"])["channel_types"] == [0, 15]
