"""Servers as bots see them, and what people set for them."""

from socialcube.domain.guilds.types.managers import ManagerCheck, ManagerRules, OpenServer
from socialcube.domain.guilds.types.permissions import (
    Fit,
    GuildNews,
    Lack,
    PermissionNeed,
    PlaceBefore,
    PlaceSight,
    PlacesMark,
    ServerPermission,
    ServerProblem,
    Verdict,
)
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
    ServerFace,
)

__all__ = [
    "DEFAULT_LOCALE",
    "DEFAULT_TIME_ZONE",
    "ChannelSnapshot",
    "FieldKind",
    "Fit",
    "GuildNews",
    "GuildSettings",
    "GuildSnapshot",
    "GuildView",
    "Lack",
    "ManagerCheck",
    "ManagerRules",
    "Number",
    "OpenServer",
    "PermissionNeed",
    "PlaceBefore",
    "PlaceSight",
    "PlaceView",
    "PlacesMark",
    "RoleSnapshot",
    "ServerFace",
    "ServerPermission",
    "ServerProblem",
    "SettingField",
    "SettingForm",
    "SettingValue",
    "Verdict",
]
