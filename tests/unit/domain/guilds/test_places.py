"""Reads of bots in servers, and leaving one."""

from uuid import UUID

import pytest

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor, Permission, Scope
from socialcube.domain.audit.queries import list_recent
from socialcube.domain.guilds import policy, queries, service
from socialcube.domain.guilds.errors import BotNotInGuildError, ServerNameNotTypedError
from socialcube.domain.guilds.events import BotGuildsChanged
from socialcube.domain.jobs import queries as jobs
from socialcube.domain.jobs.types import JobKind, fleet_target
from socialcube.kernel.errors import ForbiddenError
from tests.factories.access import make_actor
from tests.factories.bots import make_bot
from tests.factories.guilds import make_channel, make_guild, make_role
from tests.fakes.events import Published

DISCORD = "discord"
ALL = Scope(is_all=True)
SEND = policy.PERMISSIONS["SEND_MESSAGES"].mask
VIEW = policy.PERMISSIONS["VIEW_CHANNEL"].mask
pytestmark = pytest.mark.usefixtures("noise")


@pytest.fixture
def bot_id(uow: UnitOfWork) -> UUID:
    return make_bot(uow.session, name="Fern").id


@pytest.fixture
def other(uow: UnitOfWork) -> UUID:
    return make_bot(uow.session, name="Moss").id


def only(*bot_ids: UUID) -> Scope:
    return Scope(is_all=False, bot_ids=frozenset(bot_ids))


def test_a_sight_knows_everybodys_rights_and_rules_of_channels(uow: UnitOfWork, bot_id: UUID) -> None:
    everyone = make_role(external_id=31, permissions=SEND)
    shut, plain = make_channel(permissions=VIEW | 1 << 5), make_channel(permissions=VIEW | SEND)
    guild = make_guild(
        external_id=31, permissions=VIEW | SEND, channels=(shut, plain, make_channel()), roles=(everyone,)
    )
    guild_id = service.sync_guild(uow, bot_id, DISCORD, guild)
    sight = queries.find_place(uow.session, bot_id, guild_id)
    assert sight is not None
    assert (sight.guild.permissions, sight.everyone) == (VIEW | SEND, SEND)
    assert sight.channel_permissions == {shut.external_id: VIEW}
    assert (sight.log_channel_id, sight.disabled_commands, sight.settings_version) == (None, frozenset(), 0)


def test_a_sight_knows_what_is_set(uow: UnitOfWork, bot_id: UUID, owner: Actor) -> None:
    channel = make_channel()
    guild_id = service.sync_guild(uow, bot_id, DISCORD, make_guild(channels=(channel,)))
    service.edit_settings(
        uow,
        owner,
        bot_id,
        guild_id,
        version=0,
        locale="de",
        time_zone="UTC",
        log_channel_id=channel.external_id,
        disabled_commands=frozenset(),
        values={},
    )
    [sight] = queries.list_sights(uow.session, scope=only(bot_id))
    assert (sight.log_channel_id, sight.settings_version) == (channel.external_id, 1)
    assert queries.list_channel_names(uow.session, [channel.external_id, 404]) == {
        channel.external_id: "general"
    }


def test_sights_of_given_servers_only(uow: UnitOfWork, bot_id: UUID) -> None:
    guild_id = service.sync_guild(uow, bot_id, DISCORD, make_guild(name="One"))
    service.sync_guild(uow, bot_id, DISCORD, make_guild(name="Two"))
    found = queries.list_sights(uow.session, scope=ALL, guild_ids=[guild_id])
    assert [sight.guild.name for sight in found] == ["One"]


def test_a_place_that_was_left_is_still_found(uow: UnitOfWork, bot_id: UUID) -> None:
    guild_id = service.sync_guild(uow, bot_id, DISCORD, make_guild(external_id=31))
    service.leave_guild(uow, bot_id, DISCORD, 31)
    sight = queries.find_place(uow.session, bot_id, guild_id)
    assert sight is not None
    assert sight.left_at is not None
    assert queries.list_sights(uow.session, scope=only(bot_id)) == []


def test_an_outage_is_news_once_and_ends_with_the_next_sight(
    uow: UnitOfWork, bot_id: UUID, published: Published
) -> None:
    guild = make_guild(external_id=77)
    guild_id = service.sync_guild(uow, bot_id, DISCORD, guild)
    assert service.note_unavailable(uow, bot_id, DISCORD, 77)
    assert not service.note_unavailable(uow, bot_id, DISCORD, 77)
    assert not service.note_unavailable(uow, bot_id, DISCORD, 404)
    sight = queries.find_place(uow.session, bot_id, guild_id)
    assert sight is not None
    assert sight.unavailable_at is not None
    assert queries.list_marks(uow.session)[bot_id].unavailable == 1
    before = queries.find_before(uow.session, bot_id, DISCORD, 77)
    assert before is not None
    assert before.is_unavailable
    uow.commit()
    assert published.events.count(BotGuildsChanged(bot_id)) == 2
    service.sync_guild(uow, bot_id, DISCORD, guild)
    assert queries.list_marks(uow.session)[bot_id].unavailable == 0


def test_leaving_asks_the_runner_and_is_written_down(uow: UnitOfWork, bot_id: UUID, owner: Actor) -> None:
    guild_id = service.sync_guild(uow, bot_id, DISCORD, make_guild(external_id=31, name="Garden "))
    job_id = service.ask_leaving(uow, owner, bot_id, guild_id, typed=" Garden")
    job = jobs.get_job(uow.session, job_id)
    assert (job.kind, job.target, job.payload) == (
        JobKind.LEAVE_GUILD,
        fleet_target(bot_id),
        {"guild_id": "31"},
    )
    uow.commit()
    [entry] = list_recent(uow.session)
    assert (entry.action, entry.subject_id, entry.bot_id) == ("guild.leave", str(guild_id), bot_id)


def test_leaving_asks_for_the_name(uow: UnitOfWork, bot_id: UUID, owner: Actor) -> None:
    guild_id = service.sync_guild(uow, bot_id, DISCORD, make_guild(name="Garden"))
    with pytest.raises(ServerNameNotTypedError):
        service.ask_leaving(uow, owner, bot_id, guild_id, typed="garden")
    with pytest.raises(BotNotInGuildError):
        service.ask_leaving(uow, owner, bot_id, bot_id, typed="Garden")


def test_leaving_takes_the_right_to_control_the_bot(uow: UnitOfWork, bot_id: UUID) -> None:
    guild_id = service.sync_guild(uow, bot_id, DISCORD, make_guild(name="Garden"))
    editor = make_actor(Permission.GUILD_EDIT, Permission.GUILD_VIEW, bot_id=bot_id)
    with pytest.raises(ForbiddenError):
        service.ask_leaving(uow, editor, bot_id, guild_id, typed="Garden")
    operator = make_actor(Permission.BOT_CONTROL, bot_id=bot_id)
    job_id = service.ask_leaving(uow, operator, bot_id, guild_id, typed="Garden")
    assert jobs.get_job(uow.session, job_id).asked_by == str(operator)


def test_a_session_of_one_part_of_a_bot_says_nothing_about_servers_of_the_others(
    uow: UnitOfWork, bot_id: UUID
) -> None:
    ids = [number << 22 for number in range(4)]
    for external_id in ids:
        service.sync_guild(uow, bot_id, DISCORD, make_guild(external_id=external_id))
    assert service.sync_membership(uow, bot_id, DISCORD, [ids[1]], shard=1, shard_count=2) == 1
    left = [sight.guild.external_id for sight in queries.list_sights(uow.session, scope=only(bot_id))]
    assert sorted(left) == [ids[0], ids[1], ids[2]]
    assert service.sync_membership(uow, bot_id, DISCORD, [ids[1]]) == 2
