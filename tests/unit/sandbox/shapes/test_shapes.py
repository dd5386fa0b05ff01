"""Details of Discord's JSON that no schema tells."""

from socialcube.sandbox.shapes.applications import flags_of, intents_of
from socialcube.sandbox.shapes.commands import command_json
from socialcube.sandbox.shapes.guilds import my_guild_json, roles_json
from socialcube.sandbox.shapes.interactions import callback_json, interaction_json
from socialcube.sandbox.shapes.messages import event_json, message_json
from socialcube.sandbox.shapes.users import user_json
from socialcube.sandbox.world.drafts import Draft
from socialcube.sandbox.world.interaction import ResponseKind
from socialcube.sandbox.world.records import Command
from socialcube.sandbox.world.world import World
from tests.unit.sandbox.bodies import option, slash

MARA, BOT, GENERAL = 1001, 5001, 3002


def test_bot_is_marked_and_a_person_is_not(world: World) -> None:
    assert user_json(world.get_user(BOT))["bot"] is True
    assert "bot" not in user_json(world.get_user(MARA))


def test_limited_intents_and_their_flags_translate_both_ways() -> None:
    everything = 1 << 1 | 1 << 8 | 1 << 15

    assert flags_of(everything) == 1 << 13 | 1 << 15 | 1 << 19
    assert intents_of(flags_of(everything)) == everything
    assert flags_of(1 << 15) == 1 << 19


def test_roles_come_from_the_lowest(world: World) -> None:
    roles = roles_json(world.guilds.get(2001))

    assert roles[0]["name"] == "@everyone"
    assert [role["position"] for role in roles] == sorted(role["position"] for role in roles)
    assert {role["name"] for role in roles if role["managed"]} == {"Greenhouse", "Rollcall", "Tavern"}


def test_owner_is_told_among_their_guilds(world: World) -> None:
    guild = world.guilds.get(2001)

    assert my_guild_json(guild, MARA)["owner"] is True
    assert my_guild_json(guild, 1002)["owner"] is False


def test_translations_are_left_out_at_every_depth(world: World) -> None:
    inner = option(3, "text", name_localizations={"de": "text"})
    command, _ = world.commands.upsert(BOT, None, slash(name_localizations={"de": "hallo"}, options=[inner]))

    assert "localizations" in str(command_json(command))
    assert "localizations" not in str(command_json(command, with_localizations=False))


def test_attachment_address_leads_back_to_the_server(world: World) -> None:
    file = {"id": "1", "filename": "a", "size": 1, "content_type": "x", "url": "/attachments/3002/1"}
    message = world.messages.post(MARA, GENERAL, Draft("x", attachments=[file]))

    shown = message_json(world, message, base_url="http://127.0.0.1:1")["attachments"][0]
    assert shown["url"] == shown["proxy_url"] == "http://127.0.0.1:1/attachments/3002/1"
    assert message.attachments == [file]


def test_event_tells_guild_member_and_nonce(world: World) -> None:
    shape = event_json(world, world.messages.post(MARA, GENERAL, Draft("x", nonce="n")))

    assert (shape["guild_id"], shape["member"]["roles"], shape["nonce"]) == ("2001", ["4001"], "n")


def test_author_who_left_has_no_member(world: World) -> None:
    message = world.messages.post(1004, GENERAL, Draft("bye"))
    world.guilds.leave(2001, 1004)

    assert "member" not in event_json(world, message)


def test_callback_tells_its_message_only_when_there_is_one_to_show(world: World, hello: Command) -> None:
    answered, promised = (world.interactions.invoke(MARA, GENERAL, hello.id) for _ in range(2))
    world.interactions.respond(answered, ResponseKind.MESSAGE, Draft("hi"))
    world.interactions.respond(promised, ResponseKind.LOADING_MESSAGE)

    assert callback_json(world, answered)["resource"]["message"]["content"] == "hi"
    assert "resource" not in callback_json(world, promised)
    assert callback_json(world, promised)["interaction"]["response_message_loading"] is True


def test_interaction_in_a_guild_names_the_commands_guild(world: World) -> None:
    command, _ = world.commands.upsert(BOT, 2001, slash(in_guild=True))
    shape = interaction_json(world, world.interactions.invoke(MARA, GENERAL, command.id))

    assert shape["data"]["guild_id"] == "2001"
    assert "resolved" not in shape["data"]


def test_suggestion_being_typed_need_not_name_anything(world: World, hello: Command) -> None:
    typed = [{"name": "who", "type": 6, "value": "jo", "focused": True}]
    shape = interaction_json(world, world.interactions.autocomplete(MARA, GENERAL, hello.id, typed))

    assert shape["type"] == 4
    assert "resolved" not in shape["data"]
