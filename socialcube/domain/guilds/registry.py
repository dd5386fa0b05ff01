"""What is set for the servers of one bot, in memory, as its commands read it. Never changed."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from socialcube.domain.guilds import queries
from socialcube.domain.guilds.policy import effective_values
from socialcube.domain.guilds.types import (
    FieldKind,
    GuildSettings,
    SettingField,
    SettingForm,
    SettingValue,
)

_MENTIONS: Final = {FieldKind.CHANNEL: "<#{}>", FieldKind.ROLE: "<@&{}>"}

Names = Mapping[tuple[UUID, str], str]
"""Names of channels and roles by our key of the server and their id as text."""


@dataclass(frozen=True, slots=True)
class ServerRules:
    """What counts in one server.

    Attributes:
        settings: what templates see as `settings`: plain data.
        disabled_commands: our keys of the commands that are switched off.
        log_channel_id: where failures are told, None for nowhere.
    """

    settings: Mapping[str, object] = field(default_factory=dict)
    disabled_commands: frozenset[UUID] = frozenset()
    log_channel_id: int | None = None

    def allows(self, command_id: UUID) -> bool:
        """Tell whether a command may be used there."""
        return command_id not in self.disabled_commands


@dataclass(frozen=True, slots=True)
class SettingsSnapshot:
    """The rules of all servers of one bot at one moment.

    Attributes:
        defaults: where nothing was set, and in direct messages.
        servers: the others, by the platform's id.
    """

    defaults: ServerRules = field(default_factory=ServerRules)
    servers: Mapping[int, ServerRules] = field(default_factory=lambda: MappingProxyType({}))

    def find(self, guild_id: int | None) -> ServerRules:
        """Give what counts in a server, by the platform's id; None for a direct message."""
        return self.defaults if guild_id is None else self.servers.get(guild_id, self.defaults)


def read(session: Session, bot_id: UUID) -> SettingsSnapshot:
    """Read what is set for all servers of a bot, with today's names of channels and roles."""
    return read_all(session, [bot_id])[bot_id]


def read_all(session: Session, bot_ids: Collection[UUID]) -> dict[UUID, SettingsSnapshot]:
    """Read what is set for all servers of each of these bots."""
    forms = queries.list_forms(session, bot_ids)
    settings = queries.list_settings_by_bot(session, bot_ids)
    naming = {
        item.guild_id
        for bot_id in bot_ids
        for _, item in settings[bot_id]
        if _names_things(forms[bot_id], item)
    }
    names = queries.list_thing_names(session, naming) if naming else {}
    return {bot_id: build(forms[bot_id], settings[bot_id], names) for bot_id in bot_ids}


def build(form: SettingForm, settings: Iterable[tuple[int, GuildSettings]], names: Names) -> SettingsSnapshot:
    """Work out what counts in each server.

    Args:
        form: the bot's fields.
        settings: what was set, each with the platform's id of the server.
        names: of channels and roles; one that is not there is shown by its id.
    """
    nowhere = GuildSettings(form.bot_id, UUID(int=0))
    return SettingsSnapshot(
        defaults=_rules(form, nowhere, names),
        servers=MappingProxyType({external_id: _rules(form, item, names) for external_id, item in settings}),
    )


def _rules(form: SettingForm, settings: GuildSettings, names: Names) -> ServerRules:
    values = effective_values(form.fields, settings.values)
    log_channel = None if settings.log_channel_id is None else str(settings.log_channel_id)
    return ServerRules(
        settings={
            "locale": settings.locale,
            "time_zone": settings.time_zone,
            "log_channel": _thing(FieldKind.CHANNEL, log_channel, settings.guild_id, names),
            **{item.key: _shown(item, values[item.key], settings.guild_id, names) for item in form.fields},
        },
        disabled_commands=settings.disabled_commands,
        log_channel_id=settings.log_channel_id,
    )


def _shown(item: SettingField, value: SettingValue, guild_id: UUID, names: Names) -> object:
    return _thing(item.kind, value, guild_id, names) if item.kind in _MENTIONS else value


def _thing(kind: FieldKind, value: SettingValue, guild_id: UUID, names: Names) -> dict[str, str] | None:
    """Give a channel or role as options of commands show one."""
    if value is None:
        return None
    text = str(value)
    return {"id": text, "name": names.get((guild_id, text), text), "mention": _MENTIONS[kind].format(text)}


def _names_things(form: SettingForm, settings: GuildSettings) -> bool:
    """Tell whether what is set in a server points at a channel or role of it."""
    keys = {item.key for item in form.fields if item.kind in _MENTIONS}
    return settings.log_channel_id is not None or bool(keys & settings.values.keys())
