from typing import Any

import pytest

from socialcube.adapters.discord.interactions import InteractionReader, read_options
from socialcube.domain.commands.types import Person
from socialcube.kernel.ids import new_id
from tests.fakes.bot_events import FakeBotEvents
from tests.fakes.clock import FakeClock
from tests.fakes.discord_http import FakeTransport

BOT = new_id()


def raw(**changes: Any) -> dict[str, Any]:
    """Make an INTERACTION_CREATE as Discord sends it."""
    return {
        "id": "9001",
        "application_id": "5001",
        "type": 2,
        "token": "secret-of-this-use",
        "guild_id": "2001",
        "channel_id": "3004",
        "channel": {"id": "3004", "name": "bots", "type": 0},
        "member": {"nick": "Gardener", "user": {"id": "1001", "username": "mara", "global_name": "Mara"}},
        "data": {"id": "1", "name": "hello", "type": 1},
    } | changes


def take(data: dict[str, Any]) -> FakeBotEvents:
    events = FakeBotEvents()
    reader = InteractionReader(
        BOT,
        FakeTransport(FakeClock()),
        events,
        name_guild=lambda guild_id: "Fern Street" if guild_id == 2001 else "",
        note_success=lambda: None,
    )
    assert reader.take(data) is None
    return events


def test_use_of_a_command_becomes_an_invocation_in_our_words() -> None:
    [(invocation, _)] = take(raw()).invocations
    assert invocation.bot_id == BOT
    assert invocation.external_id == 9001
    assert invocation.command_name == "hello"
    assert (invocation.guild_id, invocation.guild_name) == (2001, "Fern Street")
    assert (invocation.channel_id, invocation.channel_name) == (3004, "bots")
    assert invocation.person == Person(1001, "mara", "Gardener")
    assert invocation.received == FakeClock().monotonic()


def test_direct_message_has_no_server_and_its_person_stands_beside() -> None:
    data = raw(guild_id=None, member=None, user={"id": "1004", "username": "theo", "global_name": None})
    [(invocation, _)] = take(data).invocations
    assert invocation.guild_id is None
    assert invocation.guild_name == ""
    assert invocation.person == Person(1004, "theo", "theo")


@pytest.mark.parametrize(
    "data",
    [raw(type=1), raw(type=3), raw(type=4), raw(type=5), raw(data={"id": "1", "name": "Report", "type": 3})],
)
def test_other_kinds_of_interaction_are_not_ours(data: dict[str, Any]) -> None:
    assert take(data).invocations == []


@pytest.mark.parametrize("missing", ["id", "token", "data", "member", "application_id"])
def test_broken_event_raises_instead_of_running_something(missing: str) -> None:
    data = raw()
    del data[missing]
    with pytest.raises((KeyError, TypeError)):
        take(data)


def test_values_are_read_by_their_type() -> None:
    options = read_options(
        {
            "options": [
                {"name": "text", "type": 3, "value": "tea"},
                {"name": "count", "type": 4, "value": 2},
                {"name": "sure", "type": 5, "value": True},
                {"name": "part", "type": 10, "value": 0.5},
                {"name": "who", "type": 6, "value": "1002"},
                {"name": "guest", "type": 6, "value": "1003"},
                {"name": "where", "type": 7, "value": "3002"},
                {"name": "rank", "type": 8, "value": "4001"},
                {"name": "gone", "type": 8, "value": "4999"},
            ],
            "resolved": {
                "users": {
                    "1002": {"username": "jonas", "global_name": "Jonas"},
                    "1003": {"username": "priya", "global_name": None},
                },
                "members": {"1002": {"nick": "Captain"}},
                "channels": {"3002": {"name": "general"}},
                "roles": {"4001": {"name": "Staff"}},
            },
        }
    )
    assert options == {
        "text": "tea",
        "count": 2,
        "sure": True,
        "part": 0.5,
        "who": {"id": "1002", "name": "Captain", "mention": "<@1002>"},
        "guest": {"id": "1003", "name": "priya", "mention": "<@1003>"},
        "where": {"id": "3002", "name": "general", "mention": "<#3002>"},
        "rank": {"id": "4001", "name": "Staff", "mention": "<@&4001>"},
        "gone": {"id": "4999", "name": "4999", "mention": "<@&4999>"},
    }
