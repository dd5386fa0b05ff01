"""Servers as bots see them, and what people set for them."""

from socialcube.domain.guilds.types.settings import (
    DEFAULT_LOCALE,
    DEFAULT_TIME_ZONE,
    FieldKind,
    GuildSettings,
    Number,
    SettingField,
    SettingForm,
    SettingValue,
)
from socialcube.domain.guilds.types.snapshots import (
    ChannelSnapshot,
    GuildSnapshot,
    GuildView,
    PlaceView,
    RoleSnapshot,
)

__all__ = [
    "DEFAULT_LOCALE",
    "DEFAULT_TIME_ZONE",
    "ChannelSnapshot",
    "FieldKind",
    "GuildSettings",
    "GuildSnapshot",
    "GuildView",
    "Number",
    "PlaceView",
    "RoleSnapshot",
    "SettingField",
    "SettingForm",
    "SettingValue",
]
