"""What people set: for one bot in one server, and which fields there are to set."""

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.db.upsert import upsert
from socialcube.domain.access.policy import can, require
from socialcube.domain.access.types import Actor, Permission, Subject
from socialcube.domain.audit import service as audit
from socialcube.domain.guilds import policy
from socialcube.domain.guilds.errors import (
    FieldsChangedError,
    FieldsInvalidError,
    SettingsChangedError,
    SettingsInvalidError,
)
from socialcube.domain.guilds.events import GuildSettingsChanged
from socialcube.domain.guilds.models import BotGuildSettings, BotSettingForm
from socialcube.domain.guilds.queries import get_form, get_guild, get_manager_rules, list_choosable
from socialcube.domain.guilds.queries.settings import to_settings
from socialcube.domain.guilds.types import (
    DEFAULT_LOCALE,
    DEFAULT_TIME_ZONE,
    GuildSettings,
    SettingField,
    SettingValue,
)
from socialcube.engine.problems import Problem

MAX_COMMANDS = 500
"""Commands that one server's list may name: more than a bot can have."""


def define_fields(
    uow: UnitOfWork, actor: Actor, bot_id: UUID, *, version: int, fields: Sequence[SettingField]
) -> int:
    """Say which settings the servers of a bot have. What servers set for fields that go is kept.

    Args:
        uow: an open write unit.
        actor: who says so.
        bot_id: the bot.
        version: the one that the actor saw.
        fields: all of them, in their order.

    Returns:
        The new version; the old one when nothing changed.

    Raises:
        ForbiddenError: as it says.
        FieldsInvalidError: they have problems.
        FieldsChangedError: somebody else changed them since; `stored` holds what is there now.
    """
    require(actor, Permission.BOT_EDIT, Subject.bot(bot_id))
    if problems := policy.check_fields(fields):
        raise FieldsInvalidError(problems)
    row = _lock_form(uow, bot_id)
    before, after = row.fields, policy.write_fields(fields)
    if row.version != version:
        raise FieldsChangedError(seen=version, current=row.version, stored={"fields": before})
    if before == after:
        return version
    row.fields, row.version, row.updated_at = after, version + 1, uow.clock.now()
    uow.session.flush()
    audit.record(
        uow,
        actor,
        "bot.fields",
        subject_kind="bot",
        subject_id=bot_id,
        bot_id=bot_id,
        before={"fields": before},
        after={"fields": after},
    )
    uow.record(GuildSettingsChanged(bot_id))
    return row.version


def edit_settings(  # noqa: PLR0913 - every setting has its own name
    uow: UnitOfWork,
    actor: Actor,
    bot_id: UUID,
    guild_id: UUID,
    *,
    version: int,
    locale: str = DEFAULT_LOCALE,
    time_zone: str = DEFAULT_TIME_ZONE,
    log_channel_id: int | None = None,
    disabled_commands: Collection[UUID] = (),
    values: Mapping[str, SettingValue],
) -> GuildSettings:
    """Set what counts for a bot in a server. Everything is given anew; what is left out is unset.

    Args:
        uow: an open write unit.
        actor: who sets it.
        bot_id: the bot.
        guild_id: our key of the server.
        version: the one that the actor saw, 0 when nothing was set.
        locale: one of Discord's locales.
        time_zone: a name of the IANA database.
        log_channel_id: the platform's id of the channel where failures are told, None for none.
        disabled_commands: our keys of the commands that are switched off there.
        values: of the fields, by key; a channel or a role is its id as text.

    Returns:
        What is set now.

    Raises:
        ForbiddenError, BotNotInGuildError: as they say.
        SettingsInvalidError: they have problems, or a server's manager changes what the bot's owner keeps.
        SettingsChangedError: somebody else changed them since; `stored` holds what is there now.
    """
    require(actor, Permission.GUILD_EDIT, Subject.guild(bot_id, guild_id))
    get_guild(uow.session, bot_id, guild_id)
    row = _lock_settings(uow, bot_id, guild_id)
    before = _facts(row)
    if row.version != version:
        raise SettingsChangedError(seen=version, current=row.version, stored=before)
    wanted = GuildSettings(
        bot_id=bot_id,
        guild_id=guild_id,
        locale=locale,
        time_zone=time_zone,
        log_channel_id=log_channel_id,
        disabled_commands=frozenset(disabled_commands),
        values={key: value for key, value in values.items() if value is not None},
    )
    fields = get_form(uow.session, bot_id).fields
    if problems := [*_find_kept_back(uow, actor, row, wanted), *_find_problems(uow, wanted, fields)]:
        raise SettingsInvalidError(problems)
    _write(row, wanted, fields)
    if _facts(row) == before and version:
        return to_settings(row)
    row.version, row.updated_at = version + 1, uow.clock.now()
    uow.session.flush()
    _conclude(uow, actor, row, before)
    return to_settings(row)


def _conclude(uow: UnitOfWork, actor: Actor, row: BotGuildSettings, before: dict[str, object]) -> None:
    audit.record(
        uow,
        actor,
        "guild.settings",
        subject_kind="guild",
        subject_id=row.guild_id,
        bot_id=row.bot_id,
        before=before,
        after=_facts(row),
    )
    uow.record(GuildSettingsChanged(row.bot_id))


def _find_kept_back(
    uow: UnitOfWork, actor: Actor, row: BotGuildSettings, wanted: GuildSettings
) -> list[Problem]:
    """List what only the bot's own people may change, if the actor is none of them."""
    if can(actor, Permission.GUILD_EDIT, Subject.bot(row.bot_id)):
        return []
    is_same = {str(key) for key in wanted.disabled_commands} == set(row.disabled_commands)
    if is_same or get_manager_rules(uow.session, row.bot_id).may_switch_commands:
        return []
    return [Problem("disabled_commands", "kept_back", "Only the people who run the bot may change this.")]


def _find_problems(uow: UnitOfWork, wanted: GuildSettings, fields: Sequence[SettingField]) -> list[Problem]:
    choosable = list_choosable(uow.session, wanted.guild_id)
    problems: list[Problem] = []
    if wanted.locale not in policy.LOCALES:
        problems.append(Problem("locale", "bad_value", "Discord has no such language."))
    if not policy.is_time_zone(wanted.time_zone):
        problems.append(Problem("time_zone", "bad_value", "There is no time zone of this name."))
    if wanted.log_channel_id is not None and wanted.log_channel_id not in choosable.channels:
        problems.append(Problem("log_channel", "bad_value", "This server has no such channel."))
    if len(wanted.disabled_commands) > MAX_COMMANDS:
        problems.append(Problem("disabled_commands", "too_many", "A bot has not that many commands."))
    return [*problems, *policy.check_values(fields, wanted.values, choosable)]


def _write(row: BotGuildSettings, wanted: GuildSettings, fields: Sequence[SettingField]) -> None:
    known = {field.key for field in fields}
    kept = {key: value for key, value in row.values.items() if key not in known}
    row.locale, row.time_zone = wanted.locale, wanted.time_zone
    row.log_channel_id = wanted.log_channel_id
    row.disabled_commands = [str(key) for key in sorted(wanted.disabled_commands)]
    row.values = {**kept, **wanted.values}


def _lock_form(uow: UnitOfWork, bot_id: UUID) -> BotSettingForm:
    """Give the row, locked. Of two who define the first fields at once, one makes it and both see it."""
    empty = {"bot_id": bot_id, "fields": [], "version": 0, "updated_at": uow.clock.now()}
    upsert(uow.session, BotSettingForm, [empty], key=[BotSettingForm.bot_id])
    return uow.session.get_one(BotSettingForm, bot_id, with_for_update=True, populate_existing=True)


def _lock_settings(uow: UnitOfWork, bot_id: UUID, guild_id: UUID) -> BotGuildSettings:
    empty = {
        "bot_id": bot_id,
        "guild_id": guild_id,
        "locale": DEFAULT_LOCALE,
        "time_zone": DEFAULT_TIME_ZONE,
        "log_channel_id": None,
        "disabled_commands": [],
        "values": {},
        "version": 0,
        "updated_at": uow.clock.now(),
    }
    upsert(uow.session, BotGuildSettings, [empty], key=[BotGuildSettings.bot_id, BotGuildSettings.guild_id])
    return uow.session.get_one(
        BotGuildSettings, (bot_id, guild_id), with_for_update=True, populate_existing=True
    )


def _facts(row: BotGuildSettings) -> dict[str, object]:
    channel = row.log_channel_id
    return {
        "locale": row.locale,
        "time_zone": row.time_zone,
        "log_channel": None if channel is None else str(channel),
        "disabled_commands": row.disabled_commands,
        "values": dict(row.values),
    }
