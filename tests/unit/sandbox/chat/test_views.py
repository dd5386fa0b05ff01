from typing import TYPE_CHECKING, Any

import pytest

from socialcube.sandbox.chat.views import may_see, message_view, person_view, world_view
from socialcube.sandbox.pictures.designs import avatar_path, icon_path
from socialcube.sandbox.world.drafts import Draft
from socialcube.sandbox.world.records import EPHEMERAL, Origin
from socialcube.sandbox.world.seed import FERN, GREENHOUSE, HARBOR, JONAS, MARA, PRIYA, ROLLCALL, THEO

if TYPE_CHECKING:
    from socialcube.sandbox.world.world import World

GENERAL, STAFF, PORCH, WELCOME = 3002, 3005, 3006, 3011


def see(world: "World", person: int, present: frozenset[int] = frozenset()) -> dict[str, Any]:
    return world_view(world, world.get_user(person), present)


def guild_of(view: dict[str, Any], guild_id: int) -> dict[str, Any]:
    found: dict[str, Any] = next(guild for guild in view["guilds"] if guild["id"] == str(guild_id))
    return found


def channels_of(view: dict[str, Any], guild_id: int) -> dict[str, Any]:
    return {channel["id"]: channel for channel in guild_of(view, guild_id)["channels"]}


def test_a_person_is_shown_with_their_part(world: "World") -> None:
    assert person_view(world.get_user(PRIYA)) == {
        "id": "1003",
        "name": "Priya",
        "username": "priya",
        "part": "viewer",
        "avatar_url": avatar_path(PRIYA),
    }


def test_a_person_sees_their_own_guilds_only(world: "World") -> None:
    assert [guild["id"] for guild in see(world, MARA)["guilds"]] == [str(FERN), str(HARBOR)]
    assert [guild["id"] for guild in see(world, THEO)["guilds"]] == [str(FERN)]


def test_a_hidden_channel_is_left_out(world: "World") -> None:
    assert str(STAFF) in channels_of(see(world, JONAS), FERN)
    assert str(STAFF) not in channels_of(see(world, PRIYA), FERN)


def test_a_channel_says_what_can_be_done_in_it(world: "World") -> None:
    welcome = channels_of(see(world, PRIYA), HARBOR)[str(WELCOME)]
    assert (welcome["readable"], welcome["writable"]) == (True, False)
    porch = channels_of(see(world, PRIYA), FERN)[str(PORCH)]
    assert porch["readable"] is False


def test_an_empty_category_is_left_out(world: "World") -> None:
    for channel_id in (3002, 3003, 3004):
        world.guilds.delete_channel(channel_id)
    assert "3001" not in channels_of(see(world, PRIYA), FERN)


def test_a_bot_is_online_with_its_gateway_and_a_person_with_their_page(world: "World") -> None:
    world.applications.set_online(GREENHOUSE, online=True)
    members = guild_of(see(world, MARA, frozenset({MARA})), FERN)["members"]
    online = {member["id"] for member in members if member["online"]}
    assert online == {str(GREENHOUSE), str(MARA)}


def test_a_member_has_nickname_and_the_colour_of_the_highest_coloured_role(world: "World") -> None:
    world.guilds.get_member(FERN, JONAS).nick = "Jo"
    member = next(each for each in guild_of(see(world, MARA), FERN)["members"] if each["id"] == str(JONAS))
    assert (member["name"], member["color"]) == ("Jo", 0x2F9E6E)


def test_commands_that_the_person_may_not_use_are_left_out(world: "World") -> None:
    for name, needed in (("hello", None), ("purge", str(1 << 13))):
        body = {"name": name, "type": 1, "description": "d", "default_member_permissions": needed}
        world.commands.upsert(ROLLCALL, None, body)
    names = [[each["name"] for each in guild_of(see(world, who), FERN)["commands"]] for who in (JONAS, PRIYA)]
    assert names == [["hello", "purge"], ["hello"]]


def test_a_reply_carries_the_message_it_answers(world: "World") -> None:
    first = world.messages.post(MARA, GENERAL, Draft("first"))
    reply = world.messages.post(JONAS, GENERAL, Draft("second", reply_to=first.id))
    assert message_view(world, reply)["referenced_message"]["content"] == "first"
    world.messages.delete(first)
    assert message_view(world, reply)["referenced_message"] is None


def test_a_message_that_is_no_reply_refers_to_nothing(world: "World") -> None:
    assert "referenced_message" not in message_view(world, world.messages.post(MARA, GENERAL, Draft("x")))


@pytest.mark.parametrize(("person", "seen"), [(MARA, True), (JONAS, False)])
def test_an_ephemeral_answer_is_seen_by_its_person_only(world: "World", person: int, *, seen: bool) -> None:
    draft = Draft("only you", flags=EPHEMERAL)
    message = world.messages.answer(GREENHOUSE, GENERAL, draft, Origin(1, 2, "hello", MARA))
    assert may_see(world, person, message) is seen


def test_a_message_of_a_hidden_or_deleted_channel_is_not_seen(world: "World") -> None:
    message = world.messages.post(MARA, STAFF, Draft("secret"))
    assert not may_see(world, PRIYA, message)
    world.guilds.delete_channel(STAFF)
    assert not may_see(world, MARA, message)


def test_servers_and_members_are_shown_with_their_pictures(world: "World") -> None:
    guild = guild_of(see(world, MARA), FERN)
    assert guild["avatar_url"] == icon_path(FERN)
    pictures = {member["id"]: member["avatar_url"] for member in guild["members"]}
    assert pictures[str(GREENHOUSE)] == avatar_path(GREENHOUSE)
