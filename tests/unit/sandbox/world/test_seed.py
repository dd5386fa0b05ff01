from socialcube.sandbox.world import consistency
from socialcube.sandbox.world.permissions import Permission
from socialcube.sandbox.world.seed import seeded
from socialcube.sandbox.world.world import World
from tests.support.failures import failure_of

FIRST_REAL_ID = 1 << 22


def test_no_seeded_id_can_exist_on_discord() -> None:
    state = seeded()
    ids = [*state.users, *state.guilds, *state.applications]
    for guild in state.guilds.values():
        ids += [*guild.channels, *guild.roles]

    assert max(ids) < FIRST_REAL_ID


def test_what_is_made_later_cannot_exist_on_discord_either(world: World) -> None:
    application = world.applications.create("Beacon")
    channel = world.guilds.create_channel(2001, "new")
    world.guilds.add_bot(2002, application.id)
    roles = world.guilds.get(2002).roles

    assert max(application.id, channel.id, *roles) < FIRST_REAL_ID


def test_seed_holds_together() -> None:
    assert failure_of(consistency.check, seeded()) is None


def test_people_have_the_rights_their_part_says(world: World) -> None:
    manage = Permission.MANAGE_GUILD

    assert [user.part for user in world.guilds.list_people()] == ["admin", "editor", "viewer", "stranger"]
    assert [world.guilds.may(user_id, 3002, manage) for user_id in (1001, 1002, 1003, 1004)] == [
        True,
        True,
        False,
        False,
    ]
    assert [guild.id for guild in world.guilds.list_of(1004)] == [2001]
    assert not world.guilds.may(1004, 3005, Permission.VIEW_CHANNEL)
