from socialcube.sandbox.pictures.designs import GUILDS, USERS, avatar_of, avatar_path, icon_of, icon_path
from socialcube.sandbox.shapes.guilds import guild_json, my_guild_json
from socialcube.sandbox.shapes.users import user_json
from socialcube.sandbox.world.seed import FERN, GREENHOUSE, MARA, seeded
from socialcube.sandbox.world.world import World

NOBODY = 10_001


def test_all_of_the_first_day_have_pictures_of_their_own() -> None:
    state = seeded()
    hashes = [avatar_of(user_id) for user_id in state.users] + [icon_of(key) for key in state.guilds]
    assert None not in hashes
    assert len(set(hashes)) == len(hashes)
    assert (set(USERS), set(GUILDS)) == (set(state.users), set(state.guilds))


def test_what_people_make_has_none() -> None:
    assert (avatar_of(NOBODY), avatar_path(NOBODY), icon_of(NOBODY), icon_path(NOBODY)) == (None,) * 4


def test_discords_json_names_the_pictures(world: World) -> None:
    assert user_json(world.get_user(GREENHOUSE))["avatar"] == avatar_of(GREENHOUSE)
    guild = world.guilds.get(FERN)
    assert guild_json(guild)["icon"] == my_guild_json(guild, MARA)["icon"] == icon_of(FERN)
