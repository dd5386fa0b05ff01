"""What people set for one bot in one server, and the fields that the bot's owner asks for."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final
from uuid import UUID

DEFAULT_LOCALE: Final = "en-US"
DEFAULT_TIME_ZONE: Final = "UTC"

SettingValue = str | int | float | bool | None
"""A value as it is stored: a channel or a role is its id as text. None means that nothing was set."""

Number = int | float


class FieldKind(StrEnum):
    """What a field of the settings takes."""

    TEXT = "text"
    NUMBER = "number"
    CHOICE = "choice"
    CHANNEL = "channel"
    ROLE = "role"
    YESNO = "yesno"


@dataclass(frozen=True, slots=True)
class SettingField:
    """One field that a bot's owner defines for the servers of the bot.

    Attributes:
        key: its name in templates, after `settings.`.
        label: its name for people.
        required: whether a server's settings cannot be saved without it; a default is enough.
        choices: the values of a choice.
        default: what counts where nothing was set. Channels and roles have none: each server has its own.
        help: a sentence below the field.
        max_length: of a text, in characters; None for the most there is.
        min_value, max_value: of a number; None for no bound.
    """

    key: str
    label: str
    kind: FieldKind
    required: bool = False
    choices: tuple[str, ...] = ()
    default: SettingValue = None
    help: str = ""
    max_length: int | None = None
    min_value: Number | None = None
    max_value: Number | None = None


@dataclass(frozen=True, slots=True)
class SettingForm:
    """The fields of one bot, in their order.

    Attributes:
        version: counts the changes; a change names the one it saw. 0 while there are none.
    """

    bot_id: UUID
    fields: tuple[SettingField, ...] = ()
    version: int = 0


@dataclass(frozen=True, slots=True)
class GuildSettings:
    """What was set for one bot in one server.

    Attributes:
        guild_id: our key of the server.
        locale: one of Discord's locales.
        time_zone: a name of the IANA database.
        log_channel_id: the platform's id of the channel where failures of commands are told, None for none.
        disabled_commands: our keys of the commands that are switched off there. All others may be used,
            those made later too.
        values: of the fields, as stored: those of fields that are gone are kept, and count for nothing.
        version: counts the changes; a change names the one it saw. 0 while nothing was set.
    """

    bot_id: UUID
    guild_id: UUID
    locale: str = DEFAULT_LOCALE
    time_zone: str = DEFAULT_TIME_ZONE
    log_channel_id: int | None = None
    disabled_commands: frozenset[UUID] = frozenset()
    values: Mapping[str, SettingValue] = field(default_factory=dict)
    version: int = 0
