"""What people set for servers, on both databases."""

from typing import Any
from uuid import UUID

import pytest

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor, Permission, Scope
from socialcube.domain.audit.queries import list_recent
from socialcube.domain.guilds import queries, registry, service
from socialcube.domain.guilds.errors import (
    BotNotInGuildError,
    FieldsChangedError,
    FieldsInvalidError,
    SettingsChangedError,
    SettingsInvalidError,
)
from socialcube.domain.guilds.policy import write_fields
from socialcube.domain.guilds.types import FieldKind, GuildSettings
from socialcube.kernel.errors import ForbiddenError
from socialcube.kernel.ids import new_id
from tests.contract.domain.conftest import Race
from tests.factories.access import make_actor
from tests.factories.bots import make_bot
from tests.factories.guilds import make_channel, make_field, make_guild, make_role
from tests.support.databases import Database

GARDEN = make_guild(
    external_id=31,
    name="Garden",
    channels=(make_channel(external_id=41, name="news"), make_channel(external_id=42, kind=2)),
    roles=(make_role(external_id=51, name="helper"),),
)


@pytest.fixture
def guild_id(database: Database, bot_id: UUID) -> UUID:
    """Give the bot a server; a neighbour is in it too, with settings of its own."""
    with database.unit() as uow:
        guild_id = service.sync_guild(uow, bot_id, "discord", GARDEN)
        other = make_bot(uow.session).id
        service.sync_guild(uow, other, "discord", GARDEN)
        service.define_fields(
            uow, Actor.system("noise"), other, version=0, fields=[make_field(default="theirs")]
        )
        service.edit_settings(
            uow, Actor.system("noise"), other, guild_id, version=0, locale="fr", values={"welcome": "theirs"}
        )
        uow.commit()
        return guild_id


def edit(uow: UnitOfWork, bot_id: UUID, guild_id: UUID, version: int = 0, **changes: Any) -> GuildSettings:
    wanted = {"values": {}} | changes
    return service.edit_settings(uow, Actor.system("tests"), bot_id, guild_id, version=version, **wanted)


def define(uow: UnitOfWork, bot_id: UUID, version: int, *fields: Any) -> int:
    return service.define_fields(uow, Actor.system("tests"), bot_id, version=version, fields=fields)


def test_settings_are_kept_and_read_as_templates_see_them(
    database: Database, bot_id: UUID, guild_id: UUID
) -> None:
    command_id = new_id()
    with database.unit() as uow:
        define(
            uow,
            bot_id,
            0,
            make_field(),
            make_field(FieldKind.CHANNEL, key="where"),
            make_field(FieldKind.ROLE, key="whom"),
            make_field(FieldKind.YESNO, key="loud", default=True),
        )
        edit(
            uow,
            bot_id,
            guild_id,
            locale="de",
            time_zone="Europe/Berlin",
            log_channel_id=41,
            disabled_commands=[command_id],
            values={"welcome": "Hallo {{ user.name }}", "where": "41", "whom": "51", "loud": False},
        )
        uow.commit()
    with database.unit() as uow:
        stored = queries.get_settings(uow.session, bot_id, guild_id)
        snapshot = registry.read(uow.session, bot_id)
    assert (stored.version, stored.time_zone, stored.log_channel_id) == (1, "Europe/Berlin", 41)
    rules = snapshot.find(31)
    assert rules.settings == {
        "locale": "de",
        "time_zone": "Europe/Berlin",
        "log_channel": {"id": "41", "name": "news", "mention": "<#41>"},
        "welcome": "Hallo {{ user.name }}",
        "where": {"id": "41", "name": "news", "mention": "<#41>"},
        "whom": {"id": "51", "name": "helper", "mention": "<@&51>"},
        "loud": False,
    }
    assert rules.log_channel_id == 41
    assert not rules.allows(command_id)
    assert rules.allows(new_id())
    defaults = snapshot.find(None)
    assert (defaults.settings["loud"], defaults.settings["welcome"], defaults.settings["where"]) == (
        True,
        None,
        None,
    )
    assert defaults.allows(new_id())
    assert snapshot.find(99) == defaults


def test_everything_that_is_wrong_is_told_at_once_and_nothing_is_stored(
    uow: UnitOfWork, bot_id: UUID, guild_id: UUID
) -> None:
    define(uow, bot_id, 0, make_field(required=True), make_field(FieldKind.CHANNEL, key="where"))
    with pytest.raises(SettingsInvalidError) as caught:
        edit(
            uow,
            bot_id,
            guild_id,
            locale="xx",
            time_zone="Mars/Olympus",
            log_channel_id=42,
            disabled_commands=[new_id() for _ in range(501)],
            values={"where": "42", "other": "x"},
        )
    paths = [problem.path for problem in caught.value.problems]
    assert paths == ["locale", "time_zone", "log_channel", "disabled_commands", "other", "welcome", "where"]
    assert queries.get_settings(uow.session, bot_id, guild_id).version == 0


def test_the_second_of_two_editors_sees_what_the_first_one_stored(
    uow: UnitOfWork, bot_id: UUID, guild_id: UUID
) -> None:
    edit(uow, bot_id, guild_id, locale="de")
    with pytest.raises(SettingsChangedError) as caught:
        edit(uow, bot_id, guild_id, locale="fr")
    assert caught.value.stored["locale"] == "de"
    define(uow, bot_id, 0, make_field())
    with pytest.raises(FieldsChangedError) as changed:
        define(uow, bot_id, 0, make_field(key="other"))
    assert changed.value.stored["fields"] == write_fields([make_field()])


def test_of_many_first_editors_at_once_one_wins(
    database: Database, bot_id: UUID, guild_id: UUID, race: Race
) -> None:
    ends = race(["de", "fr", "it", "ja"], lambda uow, locale: edit(uow, bot_id, guild_id, locale=locale))
    assert sum(isinstance(end, GuildSettings) for end in ends) == 1
    assert sum(isinstance(end, SettingsChangedError) for end in ends) == 3
    with database.unit() as uow:
        assert queries.get_settings(uow.session, bot_id, guild_id).version == 1


def test_saving_the_same_again_changes_nothing(uow: UnitOfWork, bot_id: UUID, guild_id: UUID) -> None:
    edit(uow, bot_id, guild_id, locale="de")
    assert edit(uow, bot_id, guild_id, 1, locale="de").version == 1
    version = define(uow, bot_id, 0, make_field())
    assert define(uow, bot_id, version, make_field()) == version


def test_values_of_a_field_that_goes_are_kept_and_count_for_nothing(
    uow: UnitOfWork, bot_id: UUID, guild_id: UUID
) -> None:
    define(uow, bot_id, 0, make_field())
    edit(uow, bot_id, guild_id, values={"welcome": "Hi"})
    define(uow, bot_id, 1)
    assert "welcome" not in registry.read(uow.session, bot_id).find(31).settings
    assert edit(uow, bot_id, guild_id, 1, locale="de").values == {"welcome": "Hi"}
    define(uow, bot_id, 2, make_field(FieldKind.NUMBER, default=3))
    assert registry.read(uow.session, bot_id).find(31).settings["welcome"] == 3
    define(uow, bot_id, 3, make_field())
    assert registry.read(uow.session, bot_id).find(31).settings["welcome"] == "Hi"
    assert edit(uow, bot_id, guild_id, 2, locale="de").values == {}


def test_each_change_leaves_before_and_after_in_the_audit(
    uow: UnitOfWork, bot_id: UUID, guild_id: UUID
) -> None:
    define(uow, bot_id, 0, make_field())
    edit(uow, bot_id, guild_id, values={"welcome": "Hi"})
    edit(uow, bot_id, guild_id, 1, values={"welcome": "Hello"})
    uow.commit()
    last = max(list_recent(uow.session), key=lambda entry: entry.id)
    assert (last.action, last.subject_kind, last.subject_id) == ("guild.settings", "guild", str(guild_id))
    assert last.before is not None
    assert last.after is not None
    assert (last.before["values"], last.after["values"]) == ({"welcome": "Hi"}, {"welcome": "Hello"})


def test_only_who_may_and_only_where_the_bot_is(uow: UnitOfWork, bot_id: UUID, guild_id: UUID) -> None:
    editor = make_actor(Permission.GUILD_EDIT, bot_id=bot_id)
    assert service.edit_settings(uow, editor, bot_id, guild_id, version=0, values={}).version == 1
    with pytest.raises(ForbiddenError):
        service.edit_settings(uow, make_actor(), bot_id, guild_id, version=1, values={})
    with pytest.raises(ForbiddenError):
        service.define_fields(uow, editor, bot_id, version=0, fields=[])
    with pytest.raises(FieldsInvalidError):
        define(uow, bot_id, 0, make_field(key="Bad key"))
    with pytest.raises(BotNotInGuildError):
        edit(uow, bot_id, new_id())
    service.leave_guild(uow, bot_id, "discord", 31)
    with pytest.raises(BotNotInGuildError):
        edit(uow, bot_id, guild_id, 1)


def test_servers_are_listed_within_what_one_may_see(uow: UnitOfWork, bot_id: UUID, guild_id: UUID) -> None:
    edit(uow, bot_id, guild_id, locale="de")
    everything = queries.list_places(uow.session, scope=Scope(is_all=True), text="arden")
    assert len(everything) == 2
    [mine] = queries.list_places(uow.session, scope=Scope(is_all=False, bot_ids=frozenset({bot_id})))
    assert (mine.bot_id, mine.guild.id, mine.settings_version) == (bot_id, guild_id, 1)
    assert queries.list_places(uow.session, scope=Scope(is_all=True), text="100%") == []
    assert queries.list_places(uow.session, scope=Scope(is_all=False)) == []
