from datetime import UTC, datetime

from socialcube.sandbox.world.permissions import ALL, Permission, in_channel, in_guild
from socialcube.sandbox.world.records import Channel, Guild, Member, Overwrite, Role

VIEW, SEND, MANAGE = Permission.VIEW_CHANNEL, Permission.SEND_MESSAGES, Permission.MANAGE_MESSAGES
JOINED = datetime(2026, 1, 1, tzinfo=UTC)


def make_guild() -> Guild:
    roles = {
        1: Role(1, "@everyone", VIEW),
        2: Role(2, "writer", SEND),
        3: Role(3, "boss", Permission.ADMINISTRATOR),
    }
    return Guild(1, "Guild", owner_id=99, roles=roles)


def member(*role_ids: int, user_id: int = 7) -> Member:
    return Member(user_id, JOINED, list(role_ids))


def test_roles_add_up() -> None:
    assert in_guild(make_guild(), member(2)) == VIEW | SEND


def test_owner_and_administrator_have_all() -> None:
    guild = make_guild()

    assert in_guild(guild, member(user_id=99)) == ALL
    assert in_channel(guild, Channel(5, 1, "c", overwrites=[Overwrite(1, 0, deny=VIEW)]), member(3)) == ALL


def test_overwrites_of_everyone_then_roles_then_member_decide() -> None:
    guild = make_guild()
    everyone, role, own = (
        Overwrite(1, 0, deny=VIEW | SEND),
        Overwrite(2, 0, allow=SEND),
        Overwrite(7, 1, allow=VIEW, deny=SEND),
    )

    assert in_channel(guild, Channel(5, 1, "c", overwrites=[own, role, everyone]), member(2)) == VIEW
    assert in_channel(guild, Channel(5, 1, "c", overwrites=[role, everyone]), member(2)) == SEND
    assert in_channel(guild, Channel(5, 1, "c", overwrites=[role]), member()) == VIEW


def test_role_that_allows_wins_over_role_that_denies() -> None:
    guild = make_guild()
    guild.roles[4] = Role(4, "quiet", 0)
    channel = Channel(5, 1, "c", overwrites=[Overwrite(2, 0, allow=MANAGE), Overwrite(4, 0, deny=MANAGE)])

    assert in_channel(guild, channel, member(2, 4)) & MANAGE
