"""Who may set things for a server without a role here, on both databases."""

from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select

from socialcube.db.types import now_plus
from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.policy import can
from socialcube.domain.access.types import Actor, Permission, Scope, Subject
from socialcube.domain.audit.queries import list_about, list_recent
from socialcube.domain.bots import service as bots
from socialcube.domain.guilds import queries, service
from socialcube.domain.guilds.errors import BotNotInGuildError, SettingsInvalidError
from socialcube.domain.guilds.policy import CHECK_SECONDS, KEPT_SECONDS
from socialcube.domain.guilds.types import GuildSettings, ManagerCheck, ManagerRules
from socialcube.domain.jobs import queries as jobs
from socialcube.domain.jobs.types import JobKind, fleet_target
from socialcube.kernel.errors import ForbiddenError
from socialcube.kernel.ids import new_id
from tests.contract.domain.conftest import Race
from tests.factories.access import make_actor
from tests.factories.bots import make_bot
from tests.factories.guilds import make_channel, make_guild
from tests.support.databases import Database

GARDEN = make_guild(external_id=31, name="Garden", channels=(make_channel(external_id=41),))
HARBOR = make_guild(external_id=32, name="Harbor", channels=(make_channel(external_id=42),))
ANN, BEN = 1001, 1002
TESTS = Actor.system("tests")
SEES = Permission.GUILD_VIEW
EVERYWHERE = Scope(is_all=True)


@pytest.fixture
def guild_id(database: Database, bot_id: UUID) -> UUID:
    """Give a server with an open bot, a closed one, and a neighbour with an open bot."""
    with database.unit() as uow:
        guild_id = service.sync_guild(uow, bot_id, "discord", GARDEN)
        closed, noise = make_bot(uow.session).id, make_bot(uow.session).id
        service.sync_guild(uow, closed, "discord", GARDEN)
        service.sync_guild(uow, noise, "discord", HARBOR)
        open_up(uow, bot_id)
        open_up(uow, noise)
        note(uow, BEN, external_id=32)
        uow.commit()
        return guild_id


def open_up(uow: UnitOfWork, bot_id: UUID, *, is_open: bool = True, commands: bool = False) -> ManagerRules:
    return service.set_manager_rules(uow, TESTS, bot_id, is_open=is_open, may_switch_commands=commands)


def note(
    uow: UnitOfWork, person: int = ANN, *, manages: bool = True, age: float = 0.0, external_id: int = 31
) -> bool:
    moment = uow.session.scalar(select(now_plus(-age)))
    assert isinstance(moment, datetime)
    return service.note_manager_check(
        uow, "discord", external_id, person, is_manager=manages, checked_at=moment
    )


def manager(uow: UnitOfWork, person: int = ANN) -> Actor:
    """Give somebody who holds nothing but what managing servers gives."""
    return replace(make_actor(), managed=queries.list_managed(uow.session, person))


def edit(uow: UnitOfWork, actor: Actor, bot_id: UUID, guild_id: UUID, **changes: object) -> GuildSettings:
    wanted = {"version": 0, "values": {}} | changes
    return service.edit_settings(uow, actor, bot_id, guild_id, **wanted)  # type: ignore[arg-type] # as given


def test_a_manager_changes_the_settings_of_that_server_for_that_bot(
    uow: UnitOfWork, bot_id: UUID, guild_id: UUID
) -> None:
    note(uow)
    assert edit(uow, manager(uow), bot_id, guild_id, locale="de", log_channel_id=41).locale == "de"
    uow.commit()
    [entry] = [entry for entry in list_recent(uow.session) if entry.action == "guild.settings"]
    assert (entry.actor, entry.subject_id) == ("user:ann", str(guild_id))


@pytest.mark.parametrize("age", [CHECK_SECONDS + 1, CHECK_SECONDS * 20])
def test_what_the_platform_said_long_ago_opens_nothing(
    uow: UnitOfWork, bot_id: UUID, guild_id: UUID, age: float
) -> None:
    note(uow, age=age)
    assert queries.find_manager_check(uow.session, guild_id, ANN) == ManagerCheck(
        is_manager=True, is_fresh=False
    )
    with pytest.raises(ForbiddenError):
        edit(uow, manager(uow), bot_id, guild_id)


def test_a_check_counts_until_it_is_five_minutes_old(uow: UnitOfWork, guild_id: UUID) -> None:
    note(uow, age=CHECK_SECONDS - 30)
    check = queries.find_manager_check(uow.session, guild_id, ANN)
    assert check is not None
    assert check.counts
    assert queries.list_managed(uow.session, ANN)


def test_who_lost_the_right_at_the_platform_has_lost_it_here(
    uow: UnitOfWork, bot_id: UUID, guild_id: UUID
) -> None:
    note(uow, age=60)
    assert queries.list_managed(uow.session, ANN) == {(bot_id, guild_id)}
    note(uow, manages=False)
    assert not queries.list_managed(uow.session, ANN)


def test_an_older_answer_that_comes_late_changes_nothing(uow: UnitOfWork, guild_id: UUID) -> None:
    assert note(uow, manages=False, age=5)
    assert not note(uow, manages=True, age=20)
    found = queries.find_manager_check(uow.session, guild_id, ANN)
    assert found == ManagerCheck(is_manager=False, is_fresh=True)


def test_of_two_answers_at_once_the_younger_one_stays(database: Database, guild_id: UUID, race: Race) -> None:
    for _ in range(4):
        race([(True, 9.0), (False, 1.0)], lambda uow, told: note(uow, manages=told[0], age=told[1]))
        with database.reads() as session:
            found = queries.find_manager_check(session, guild_id, ANN)
            assert found == ManagerCheck(is_manager=False, is_fresh=True)


def test_nobody_else_and_nothing_else_is_opened(uow: UnitOfWork, bot_id: UUID, guild_id: UUID) -> None:
    note(uow)
    assert queries.list_managed(uow.session, BEN).isdisjoint({(bot_id, guild_id)})
    ann = manager(uow)
    assert ann.managed == {(bot_id, guild_id)}
    others = {place.guild.id for place in queries.list_places(uow.session, scope=EVERYWHERE)} - {guild_id}
    for other in others:
        assert not can(ann, SEES, Subject.guild(bot_id, other))
    with pytest.raises(ForbiddenError):
        service.define_fields(uow, ann, bot_id, version=0, fields=[])
    with pytest.raises(ForbiddenError):
        service.set_manager_rules(uow, ann, bot_id, is_open=True, may_switch_commands=True)


def test_a_switch_closes_at_once(uow: UnitOfWork, bot_id: UUID, guild_id: UUID) -> None:
    note(uow)
    open_up(uow, bot_id, is_open=False)
    assert not queries.list_managed(uow.session, ANN)
    assert queries.find_open_server(uow.session, "discord", 31) is None
    with pytest.raises(ForbiddenError):
        edit(uow, manager(uow), bot_id, guild_id)


def test_a_bot_that_left_or_was_deleted_is_gone_for_its_managers(
    uow: UnitOfWork, bot_id: UUID, guild_id: UUID
) -> None:
    note(uow)
    stale = manager(uow)
    service.leave_guild(uow, bot_id, "discord", 31)
    assert not queries.list_managed(uow.session, ANN)
    # Even somebody whose page was drawn a moment before.
    with pytest.raises(BotNotInGuildError):
        edit(uow, stale, bot_id, guild_id)
    service.sync_guild(uow, bot_id, "discord", GARDEN)
    assert queries.list_managed(uow.session, ANN)
    bots.delete_bot(uow, TESTS, bot_id)
    assert not queries.list_managed(uow.session, ANN)
    assert queries.list_known_servers(uow.session, "discord", ANN) == []


def test_another_servers_channel_is_no_choice(uow: UnitOfWork, bot_id: UUID, guild_id: UUID) -> None:
    note(uow)
    with pytest.raises(SettingsInvalidError, match="no such channel"):
        edit(uow, manager(uow), bot_id, guild_id, log_channel_id=42)


def test_commands_are_switched_by_managers_only_where_the_owner_lets_them(
    uow: UnitOfWork, bot_id: UUID, guild_id: UUID
) -> None:
    note(uow)
    command = new_id()
    with pytest.raises(SettingsInvalidError) as caught:
        edit(uow, manager(uow), bot_id, guild_id, disabled_commands=[command])
    assert [problem.path for problem in caught.value.problems] == ["disabled_commands"]
    edit(uow, TESTS, bot_id, guild_id, disabled_commands=[command])
    # What stands there already may stay.
    edit(uow, manager(uow), bot_id, guild_id, version=1, disabled_commands=[command], locale="fr")
    with pytest.raises(SettingsInvalidError):
        edit(uow, manager(uow), bot_id, guild_id, version=2)
    open_up(uow, bot_id, commands=True)
    assert edit(uow, manager(uow), bot_id, guild_id, version=2).disabled_commands == frozenset()


def test_the_switch_needs_the_right_to_edit_the_bot_and_is_recorded_once(
    uow: UnitOfWork, bot_id: UUID
) -> None:
    with pytest.raises(ForbiddenError):
        service.set_manager_rules(
            uow, make_actor(Permission.GUILD_EDIT), bot_id, is_open=True, may_switch_commands=False
        )
    assert queries.get_manager_rules(uow.session, bot_id) == ManagerRules(bot_id)
    open_up(uow, bot_id, commands=True)
    open_up(uow, bot_id, commands=True)
    # Without the first switch the second one means nothing.
    closed = open_up(uow, bot_id, is_open=False, commands=True)
    assert queries.get_manager_rules(uow.session, bot_id) == closed == ManagerRules(bot_id)
    uow.commit()
    entries = [entry for entry in list_recent(uow.session) if entry.action == "bot.managers"]
    assert [entry.after for entry in entries] == [
        {"is_open": True, "may_switch_commands": True},
        {"is_open": False, "may_switch_commands": False},
    ]


@pytest.mark.parametrize("lacks", [Permission.GUILD_VIEW, Permission.GUILD_EDIT])
def test_nobody_gives_managers_what_they_do_not_hold_themselves(
    uow: UnitOfWork, bot_id: UUID, lacks: Permission
) -> None:
    def decide(actor: Actor, *, is_open: bool, commands: bool = False) -> ManagerRules:
        return service.set_manager_rules(uow, actor, bot_id, is_open=is_open, may_switch_commands=commands)

    needed = {Permission.BOT_EDIT, Permission.GUILD_VIEW, Permission.GUILD_EDIT}
    little = make_actor(*needed - {lacks}, bot_id=bot_id)
    enough = make_actor(*needed, bot_id=bot_id)
    with pytest.raises(ForbiddenError, match=lacks.value):
        decide(little, is_open=True)
    decide(enough, is_open=True)
    with pytest.raises(ForbiddenError, match=lacks.value):
        decide(little, is_open=True, commands=True)
    assert queries.get_manager_rules(uow.session, bot_id) == ManagerRules(bot_id, is_open=True)
    decide(enough, is_open=True, commands=True)
    # Taking it away again asks for no more than changing the bot.
    assert decide(little, is_open=True) == ManagerRules(bot_id, is_open=True)
    assert decide(little, is_open=False) == ManagerRules(bot_id)


def test_servers_are_found_by_their_id_and_remembered_for_who_managed_them(
    uow: UnitOfWork, bot_id: UUID, guild_id: UUID
) -> None:
    assert queries.list_known_servers(uow.session, "discord", ANN) == []
    note(uow, age=CHECK_SECONDS * 3)
    [known] = queries.list_known_servers(uow.session, "discord", ANN)
    assert (known.face.id, known.face.name, known.bot_ids) == (guild_id, "Garden", (bot_id,))
    assert queries.find_open_server(uow.session, "discord", 31) == known
    assert queries.find_open_server(uow.session, "elsewhere", 31) is None
    assert queries.find_open_server(uow.session, "discord", 99) is None
    found = queries.list_open_servers(uow.session, "discord", [99, 32, 31])
    assert [server.face.name for server in found] == ["Garden", "Harbor"]
    note(uow, manages=False)
    assert queries.list_known_servers(uow.session, "discord", ANN) == []


def test_answers_go_after_weeks_and_those_about_unknown_servers_at_once(
    uow: UnitOfWork, guild_id: UUID
) -> None:
    note(uow, age=KEPT_SECONDS + 60)
    assert queries.find_manager_check(uow.session, guild_id, ANN) is not None
    note(uow, BEN)
    assert queries.find_manager_check(uow.session, guild_id, ANN) is None
    assert not note(uow, external_id=99)


def test_a_check_is_asked_of_the_bots_runner_about_the_asker_alone(uow: UnitOfWork, bot_id: UUID) -> None:
    service.sync_guild(uow, bot_id, "discord", GARDEN)
    open_up(uow, bot_id)
    server = queries.find_open_server(uow.session, "discord", 31)
    assert server is not None
    job = jobs.get_job(uow.session, service.ask_manager_check(uow, make_actor(), server, bot_id, ANN))
    assert (job.kind, job.target, job.asked_by) == (JobKind.CHECK_MANAGER, fleet_target(bot_id), "user:ann")
    assert job.payload == {"guild_id": "31", "user_id": str(ANN)}
    assert job.expires_at - job.created_at < timedelta(minutes=1)


def test_the_last_changes_of_one_place_are_told_and_of_no_other(
    uow: UnitOfWork, bot_id: UUID, guild_id: UUID
) -> None:
    noise = make_bot(uow.session).id
    service.sync_guild(uow, noise, "discord", GARDEN)
    harbor = service.sync_guild(uow, bot_id, "discord", HARBOR)
    for version, locale in enumerate(("de", "fr", "ja")):
        edit(uow, TESTS, bot_id, guild_id, version=version, locale=locale)
    edit(uow, TESTS, noise, guild_id, locale="fi")
    edit(uow, TESTS, bot_id, harbor, locale="fi")
    uow.commit()
    found = list_about(uow.session, bot_id, "guild.settings", guild_id, limit=2)
    assert [entry.after["locale"] for entry in found if entry.after] == ["ja", "fr"]
    assert list_about(uow.session, bot_id, "bot.managers", guild_id) == []
