from uuid import UUID

import pytest
from sqlalchemy.orm import Session

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.bots import queries as bots
from socialcube.domain.guilds import queries, service
from socialcube.domain.guilds.errors import GuildNotFoundError
from socialcube.domain.guilds.events import BotGuildsChanged
from socialcube.domain.guilds.types import GuildView
from tests.factories.bots import make_bot
from tests.factories.guilds import make_channel, make_guild, make_role
from tests.fakes.clock import START, FakeClock
from tests.fakes.events import Published

pytestmark = pytest.mark.usefixtures("noise")
DISCORD = "discord"


@pytest.fixture
def bot_id(session: Session) -> UUID:
    return make_bot(session).id


def neighbours(session: Session, bot_id: UUID) -> dict[str, list[GuildView]]:
    return {
        bot.name: queries.list_guilds_of_bot(session, bot.id)
        for bot in bots.list_bots(session)
        if bot.id != bot_id
    }


def test_a_server_is_stored_as_the_bot_sees_it(uow: UnitOfWork, bot_id: UUID, published: Published) -> None:
    snapshot = make_guild(external_id=31, name="Garden", icon="a1", owner_external_id=7, permissions=8)
    guild_id = service.sync_guild(uow, bot_id, DISCORD, snapshot)
    assert queries.list_guilds_of_bot(uow.session, bot_id) == [
        GuildView(
            id=guild_id,
            platform=DISCORD,
            external_id=31,
            name="Garden",
            icon="a1",
            owner_external_id=7,
            permissions=8,
            joined_at=START,
            seen_at=START,
        )
    ]
    uow.commit()
    assert published.events == [BotGuildsChanged(bot_id)]


def test_servers_are_counted_as_pages_find_them(uow: UnitOfWork, bot_id: UUID) -> None:
    service.sync_guild(uow, bot_id, DISCORD, make_guild(external_id=31))
    service.sync_guild(uow, bot_id, DISCORD, make_guild(external_id=32))
    assert queries.list_marks(uow.session)[bot_id].count == 2

    service.leave_guild(uow, bot_id, DISCORD, 31)
    assert queries.list_marks(uow.session)[bot_id].count == 1


def test_the_same_number_on_another_platform_is_another_server(uow: UnitOfWork, bot_id: UUID) -> None:
    guild_id = service.sync_guild(uow, bot_id, DISCORD, make_guild(external_id=31))
    assert guild_id != queries.get_guild_id(uow.session, "other", 31)


def test_channels_and_roles_come_in_their_order(uow: UnitOfWork, bot_id: UUID) -> None:
    channels = (make_channel(position=2), make_channel(position=1, parent_external_id=5, kind=2))
    roles = (make_role(position=1), make_role(position=3, colour=255, permissions=8, managed=True))
    guild_id = service.sync_guild(uow, bot_id, DISCORD, make_guild(channels=channels, roles=roles))
    assert queries.list_channels(uow.session, guild_id) == [channels[1], channels[0]]
    assert queries.list_roles(uow.session, guild_id) == [roles[1], roles[0]]


def test_a_second_look_replaces_what_changed(uow: UnitOfWork, bot_id: UUID, clock: FakeClock) -> None:
    kept, gone, fresh = make_channel(name="old"), make_channel(), make_channel()
    role = make_role()
    first = make_guild(name="Before", channels=(kept, gone), roles=(role,))
    guild_id = service.sync_guild(uow, bot_id, DISCORD, first)
    renamed = make_channel(external_id=kept.external_id, name="new")
    clock.advance(60)
    second = make_guild(
        external_id=first.external_id, name="After", permissions=16, channels=(renamed, fresh)
    )
    assert service.sync_guild(uow, bot_id, DISCORD, second) == guild_id
    (view,) = queries.list_guilds_of_bot(uow.session, bot_id)
    assert (view.name, view.permissions, view.seen_at) == ("After", 16, clock.now())
    assert queries.list_channels(uow.session, guild_id) == [renamed, fresh]
    assert queries.list_roles(uow.session, guild_id) == []


def test_looking_again_changes_no_neighbour(uow: UnitOfWork, bot_id: UUID) -> None:
    before = neighbours(uow.session, bot_id)
    snapshot = make_guild(channels=(make_channel(),))
    for _ in range(2):
        service.sync_guild(uow, bot_id, DISCORD, snapshot)
    service.sync_membership(uow, bot_id, DISCORD, [])
    assert neighbours(uow.session, bot_id) == before
    assert all(
        queries.list_channels(uow.session, view.id)
        for views in before.values()
        for view in views
        if view.platform == DISCORD
    )


def test_two_bots_in_one_server_share_it_with_rights_of_their_own(uow: UnitOfWork, bot_id: UUID) -> None:
    other = make_bot(uow.session).id
    service.sync_guild(uow, bot_id, DISCORD, make_guild(external_id=77, permissions=1))
    service.sync_guild(uow, other, DISCORD, make_guild(external_id=77, permissions=2))
    (mine,) = queries.list_guilds_of_bot(uow.session, bot_id)
    (theirs,) = queries.list_guilds_of_bot(uow.session, other)
    assert mine.id == theirs.id
    assert (mine.permissions, theirs.permissions) == (1, 2)


def test_one_bot_leaves_and_the_other_stays(uow: UnitOfWork, bot_id: UUID) -> None:
    other = make_bot(uow.session).id
    for each in (bot_id, other):
        service.sync_guild(uow, each, DISCORD, make_guild(external_id=77))
    service.leave_guild(uow, bot_id, DISCORD, 77)
    assert len(queries.list_guilds_of_bot(uow.session, bot_id)) == 0
    assert len(queries.list_guilds_of_bot(uow.session, other)) == 1


def test_reconnecting_keeps_the_day_of_joining_and_coming_back_sets_it_anew(
    uow: UnitOfWork, bot_id: UUID, clock: FakeClock
) -> None:
    snapshot = make_guild()
    service.sync_guild(uow, bot_id, DISCORD, snapshot)
    clock.advance(60)
    service.sync_guild(uow, bot_id, DISCORD, snapshot)
    assert queries.list_guilds_of_bot(uow.session, bot_id)[0].joined_at == START
    service.leave_guild(uow, bot_id, DISCORD, snapshot.external_id)
    service.sync_guild(uow, bot_id, DISCORD, snapshot)
    assert queries.list_guilds_of_bot(uow.session, bot_id)[0].joined_at == clock.now()


def test_leaving_is_noted_once(uow: UnitOfWork, bot_id: UUID, published: Published) -> None:
    service.sync_guild(uow, bot_id, DISCORD, make_guild(external_id=77))
    uow.commit()
    published.events.clear()
    assert service.leave_guild(uow, bot_id, DISCORD, 77)
    assert not service.leave_guild(uow, bot_id, DISCORD, 77)
    assert queries.list_guilds_of_bot(uow.session, bot_id) == []
    uow.commit()
    assert published.events == [BotGuildsChanged(bot_id)]


def test_leaving_a_server_nobody_knows_is_no_error(uow: UnitOfWork, bot_id: UUID) -> None:
    assert not service.leave_guild(uow, bot_id, DISCORD, 404)


def test_servers_that_are_not_there_any_more_are_left(uow: UnitOfWork, bot_id: UUID) -> None:
    for external_id in (71, 72, 73):
        service.sync_guild(uow, bot_id, DISCORD, make_guild(external_id=external_id))
    service.sync_guild(uow, bot_id, "other", make_guild(external_id=74))
    assert service.sync_membership(uow, bot_id, DISCORD, {72, 99}) == 2
    assert {view.external_id for view in queries.list_guilds_of_bot(uow.session, bot_id)} == {72, 74}


def test_a_server_that_nobody_saw_is_said_so(session: Session) -> None:
    assert queries.find_guild_id(session, DISCORD, 404) is None
    with pytest.raises(GuildNotFoundError) as caught:
        queries.get_guild_id(session, DISCORD, 404)
    assert "404" in caught.value.message
