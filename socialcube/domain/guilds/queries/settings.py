"""Reads of what was set for servers."""

from collections.abc import Collection
from typing import Final
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from socialcube.domain.guilds.models import BotGuildSettings, BotSettingForm, Channel, Guild, GuildRole
from socialcube.domain.guilds.policy import BUILT_IN, Choosable, read_fields
from socialcube.domain.guilds.queries.sightings import get_guild
from socialcube.domain.guilds.types import GuildSettings, SettingForm

# Discord docs, Channel, "Channel Types": text and announcement channels. Threads come and go.
_POSTABLE: Final = (0, 5)


def get_form(session: Session, bot_id: UUID) -> SettingForm:
    """Get the fields that a bot's owner defined; none, in version 0, while nobody did."""
    return list_forms(session, [bot_id])[bot_id]


def list_forms(session: Session, bot_ids: Collection[UUID]) -> dict[UUID, SettingForm]:
    """List the fields that the owners of these bots defined."""
    form = BotSettingForm
    rows = session.execute(select(form.bot_id, form.fields, form.version).where(form.bot_id.in_(bot_ids)))
    defined = {bot_id: SettingForm(bot_id, read_fields(fields), version) for bot_id, fields, version in rows}
    return {bot_id: defined.get(bot_id) or SettingForm(bot_id) for bot_id in bot_ids}


def list_setting_names(session: Session, bot_id: UUID) -> frozenset[str]:
    """List what a template of the bot may write after `settings.`."""
    return frozenset({*BUILT_IN, *(field.key for field in get_form(session, bot_id).fields)})


def get_settings(session: Session, bot_id: UUID, guild_id: UUID) -> GuildSettings:
    """Get what was set for a bot in a server; in version 0 that is nothing.

    Args:
        session: an open session.
        bot_id: the bot.
        guild_id: our key of the server.

    Raises:
        BotNotInGuildError: the bot is not there.
    """
    get_guild(session, bot_id, guild_id)
    row = session.get(BotGuildSettings, (bot_id, guild_id), populate_existing=True)
    return GuildSettings(bot_id, guild_id) if row is None else to_settings(row)


def list_settings(session: Session, bot_id: UUID) -> list[tuple[int, GuildSettings]]:
    """List what was set for a bot, each with the platform's id of the server."""
    return list_settings_by_bot(session, [bot_id])[bot_id]


def list_settings_by_bot(
    session: Session, bot_ids: Collection[UUID]
) -> dict[UUID, list[tuple[int, GuildSettings]]]:
    """List what was set for each of these bots, with the platform's id of the server."""
    statement = (
        select(Guild.external_id, BotGuildSettings)
        .join(Guild, Guild.id == BotGuildSettings.guild_id)
        .where(BotGuildSettings.bot_id.in_(bot_ids))
        .order_by(Guild.external_id)
        .execution_options(populate_existing=True)
    )
    found: dict[UUID, list[tuple[int, GuildSettings]]] = {bot_id: [] for bot_id in bot_ids}
    for external_id, row in session.execute(statement):
        found[row.bot_id].append((external_id, to_settings(row)))
    return found


def list_choosable(session: Session, guild_id: UUID) -> Choosable:
    """List the channels and roles of a server that settings may name."""
    channels = select(Channel.external_id).where(Channel.guild_id == guild_id, Channel.kind.in_(_POSTABLE))
    roles = select(GuildRole.external_id).where(GuildRole.guild_id == guild_id)
    return Choosable(frozenset(session.scalars(channels)), frozenset(session.scalars(roles)))


def to_settings(row: BotGuildSettings) -> GuildSettings:
    """Give the row as others read it."""
    return GuildSettings(
        bot_id=row.bot_id,
        guild_id=row.guild_id,
        locale=row.locale,
        time_zone=row.time_zone,
        log_channel_id=row.log_channel_id,
        disabled_commands=frozenset(UUID(str(key)) for key in row.disabled_commands),
        values={key: value for key, value in row.values.items() if isinstance(value, _PLAIN)},
        version=row.version,
    )


_PLAIN: Final = (str, int, float, bool)
