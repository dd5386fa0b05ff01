from typing import Any

import pytest

from socialcube.sandbox.errors import InvalidOptionError
from socialcube.sandbox.world.options import checked, nested
from socialcube.sandbox.world.world import World
from tests.unit.sandbox.bodies import option

STRING, INTEGER, BOOLEAN, USER, CHANNEL, ROLE, MENTIONABLE, NUMBER, FILE = range(3, 12)


def given(value: Any, name: str = "given") -> list[dict[str, Any]]:
    return [{"name": name, "value": value}]


@pytest.mark.parametrize(
    ("declared", "value"),
    [
        (option(STRING), "text"),
        (option(STRING), ""),
        (option(STRING, min_length=2, max_length=2), "ab"),
        (option(STRING, choices=[{"name": "A", "value": "a"}]), "a"),
        (option(INTEGER, min_value=1, max_value=3), 3),
        (option(INTEGER), -(2**53)),
        (option(BOOLEAN), False),
        (option(USER), "1004"),
        (option(CHANNEL), "3006"),
        (option(CHANNEL, channel_types=[0]), "3002"),
        (option(ROLE), "4001"),
        (option(MENTIONABLE), "4001"),
        (option(MENTIONABLE), "1001"),
        (option(NUMBER, max_value=1.5), 1.5),
        (option(NUMBER), 2),
    ],
)
def test_fitting_value_passes_with_its_type(world: World, declared: dict[str, Any], value: Any) -> None:
    result = checked([declared], given(value), world.guilds.get(2001))

    assert result == [{"name": "given", "type": declared["type"], "value": value}]


@pytest.mark.parametrize(
    ("declared", "value", "reason"),
    [
        (option(STRING), 5, "must be text"),
        (option(STRING), None, "must be text"),
        (option(STRING, min_length=2), "a", "2 to 6000 characters"),
        (option(STRING, max_length=2), "abc", "0 to 2 characters"),
        (option(STRING, choices=[{"name": "A", "value": "a"}]), "b", "one of its choices"),
        (option(INTEGER), "5", "whole number"),
        (option(INTEGER), True, "whole number"),
        (option(INTEGER), 1.5, "whole number"),
        (option(INTEGER), 2**53 + 1, "whole number"),
        (option(INTEGER, min_value=1), 0, "between 1 and 0"),
        (option(INTEGER, max_value=1), 2, "between 2 and 1"),
        (option(BOOLEAN), "yes", "true or false"),
        (option(USER), "999", "member"),
        (option(USER), "²", "member"),
        (option(USER), ["1001"], "member"),
        (option(CHANNEL, channel_types=[2]), "3002", "fitting channel"),
        (option(CHANNEL), "3011", "fitting channel"),
        (option(ROLE), "4011", "role"),
        (option(MENTIONABLE), "4011", "member or role"),
        (option(NUMBER), "1", "must be a number"),
        (option(NUMBER), float("inf"), "must be a number"),
        (option(FILE), "x", "takes a file"),
    ],
)
def test_unfitting_value_says_what_is_wrong(
    world: World, declared: dict[str, Any], value: Any, reason: str
) -> None:
    with pytest.raises(InvalidOptionError, match=reason):
        checked([declared], given(value), world.guilds.get(2001))


def test_required_unknown_and_doubled_options_are_told_apart(world: World) -> None:
    guild = world.guilds.get(2001)
    declared = [option(STRING, required=True)]

    with pytest.raises(InvalidOptionError, match="given is required"):
        checked(declared, [], guild)
    with pytest.raises(InvalidOptionError, match="other does not exist"):
        checked(declared, given("x", "other"), guild)
    with pytest.raises(InvalidOptionError, match="given twice"):
        checked(declared, given("x") * 2, guild)


def test_subcommand_holds_its_own_options(world: World) -> None:
    leaf = option(1, "add", options=[option(STRING, "plant", required=True)])
    declared = [option(2, "beds", options=[leaf]), option(1, "list")]

    wire = nested(declared, {"beds": {"add": {"plant": "fern"}}})
    result = checked(declared, wire, world.guilds.get(2001))

    assert result == [
        {
            "name": "beds",
            "type": 2,
            "options": [
                {"name": "add", "type": 1, "options": [{"name": "plant", "type": 3, "value": "fern"}]}
            ],
        }
    ]


@pytest.mark.parametrize(
    "wire",
    [
        [],
        [{"name": "add"}, {"name": "list"}],
        [{"name": "add", "options": "x"}],
        [{"name": "add", "options": [5]}],
    ],
)
def test_exactly_one_subcommand_must_be_chosen_well(world: World, wire: list[dict[str, Any]]) -> None:
    declared = [option(1, "add"), option(1, "list")]

    with pytest.raises(InvalidOptionError):
        checked(declared, wire, world.guilds.get(2001))
