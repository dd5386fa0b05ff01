import pytest

from socialcube.sandbox.errors import (
    UnknownChannelError,
    UnknownMemberError,
    UnknownRoleError,
    UnknownUserError,
)
from socialcube.sandbox.world.changes import (
    BotAdded,
    BotRemoved,
    Change,
    ChannelRemoved,
    MemberJoined,
    MemberLeft,
)
from socialcube.sandbox.world.drafts import Draft
from socialcube.sandbox.world.world import World
from tests.unit.sandbox.bodies import slash


def test_joining_twice_is_told_once(world: World, told: list[Change]) -> None:
    world.guilds.join(2002, 1004)
    world.guilds.join(2002, 1004)

    assert told == [MemberJoined(2002, 1004)]


def test_leaving_is_told_and_only_members_can(world: World, told: list[Change]) -> None:
    world.guilds.leave(2001, 1004)

    assert told == [MemberLeft(2001, 1004)]
    with pytest.raises(UnknownMemberError):
        world.guilds.leave(2001, 1004)
    with pytest.raises(UnknownUserError):
        world.guilds.join(2001, 9999)


def test_added_bot_has_a_role_of_its_own_until_it_leaves(world: World, told: list[Change]) -> None:
    world.guilds.add_bot(2002, 5001)
    world.guilds.add_bot(2002, 5001)
    own = [role for role in world.guilds.get(2002).roles.values() if role.bot_id == 5001]
    world.commands.upsert(5001, 2002, slash(in_guild=True))
    world.guilds.remove_bot(2002, 5001)

    assert [role.name for role in own] == ["Greenhouse"]
    assert own[0].id not in world.guilds.get(2002).roles
    assert world.commands.list_of(5001, 2002) == []
    assert [change for change in told if isinstance(change, BotAdded | BotRemoved)] == [
        BotAdded(2002, 5001),
        BotRemoved(2002, 5001),
    ]


def test_deleted_channel_takes_its_messages_along(world: World, told: list[Change]) -> None:
    channel = world.guilds.create_channel(2001, "short-lived")
    world.messages.post(1001, channel.id, Draft("x"))
    world.guilds.delete_channel(channel.id)

    assert told[-1] == ChannelRemoved(channel)
    assert channel.id not in world.state.messages
    with pytest.raises(UnknownChannelError):
        world.guilds.get_channel(channel.id)


def test_deleted_role_is_taken_from_its_members(world: World) -> None:
    world.guilds.delete_role(2001, 4001)

    assert world.guilds.get_member(2001, 1002).role_ids == []
    for role_id in (2001, 4001):
        with pytest.raises(UnknownRoleError):
            world.guilds.delete_role(2001, role_id)


def test_who_is_not_a_member_has_no_permissions(world: World) -> None:
    assert world.guilds.permissions_of(1004, 3012) == 0
