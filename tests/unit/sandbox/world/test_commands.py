import pytest

from socialcube.sandbox.errors import DailyCreatesExceededError, TooManyCommandsError, UnknownCommandError
from socialcube.sandbox.limits import Limits
from socialcube.sandbox.world.changes import Change, CommandsChanged
from socialcube.sandbox.world.permissions import ALL, BASIC
from socialcube.sandbox.world.records import Command
from socialcube.sandbox.world.world import World
from tests.fakes.clock import FakeClock
from tests.unit.sandbox.bodies import slash

GREENHOUSE, TAVERN, FERN, HARBOR = 5001, 5003, 2001, 2002
DAY = 86_400


def test_command_is_visible_where_its_bot_is(world: World, hello: Command) -> None:
    in_harbor, _ = world.commands.upsert(TAVERN, HARBOR, slash("dice", in_guild=True))

    assert world.commands.list_visible(FERN) == [hello]
    assert world.commands.list_visible(HARBOR) == [in_harbor]


def test_default_permissions_hide_a_command(world: World) -> None:
    world.commands.upsert(GREENHOUSE, None, slash("manage", default_member_permissions=str(1 << 5)))
    world.commands.upsert(GREENHOUSE, None, slash("nobody", default_member_permissions="0"))

    assert [item.name for item in world.commands.list_visible(FERN, BASIC)] == []
    assert [item.name for item in world.commands.list_visible(FERN, BASIC | 1 << 5)] == ["manage"]
    assert [item.name for item in world.commands.list_visible(FERN, ALL)] == ["manage", "nobody"]


def test_context_menu_commands_are_not_in_the_picker(world: World) -> None:
    world.commands.upsert(GREENHOUSE, None, slash() | {"type": 3, "name": "Pin"})

    assert world.commands.list_visible(FERN) == []


def test_same_name_replaces_and_gets_a_new_version(world: World, hello: Command, told: list[Change]) -> None:
    before = hello.version
    again, is_new = world.commands.upsert(GREENHOUSE, None, slash("hello", description="Other"))

    assert (again.id, is_new) == (hello.id, False)
    assert again.version > before
    assert told == [CommandsChanged(GREENHOUSE, None)]


def test_nothing_is_told_when_nothing_changes(world: World, hello: Command, told: list[Change]) -> None:
    world.commands.upsert(GREENHOUSE, None, slash("hello"))
    world.commands.replace_all(GREENHOUSE, None, [slash("hello")])

    assert told == []
    assert world.commands.list_of(GREENHOUSE, None) == [hello]


def test_creates_are_counted_per_place_and_come_back_after_a_day(clock: FakeClock) -> None:
    world = World(clock, Limits(command_creates=2))
    world.commands.replace_all(GREENHOUSE, None, [slash("a"), slash("b")])

    with pytest.raises(DailyCreatesExceededError):
        world.commands.replace_all(GREENHOUSE, None, [slash("a"), slash("c")])
    world.commands.upsert(GREENHOUSE, FERN, slash("c", in_guild=True))
    clock.advance(DAY + 1)
    world.commands.upsert(GREENHOUSE, None, slash("c"))

    assert [item.name for item in world.commands.list_of(GREENHOUSE, None)] == ["a", "b", "c"]


def test_kinds_have_limits_of_their_own(world: World) -> None:
    world.commands.replace_all(GREENHOUSE, None, [slash(f"c{number}") for number in range(100)])
    world.commands.upsert(GREENHOUSE, None, slash() | {"type": 2, "name": "User"})

    with pytest.raises(TooManyCommandsError):
        world.commands.upsert(GREENHOUSE, None, slash("extra"))


def test_command_of_another_place_is_unknown(world: World, hello: Command) -> None:
    for application_id, guild_id in ((GREENHOUSE, FERN), (TAVERN, None)):
        with pytest.raises(UnknownCommandError):
            world.commands.get(application_id, guild_id, hello.id)
    with pytest.raises(UnknownCommandError):
        world.commands.get_visible(HARBOR, hello.id)
