"""Servers for tests."""

from typing import Any

from factory.base import Factory
from factory.declarations import LazyAttribute, Sequence

from socialcube.domain.guilds.types import (
    ChannelSnapshot,
    FieldKind,
    GuildSnapshot,
    RoleSnapshot,
    SettingField,
)


class ChannelFactory(Factory[ChannelSnapshot]):
    class Meta:
        model = ChannelSnapshot

    external_id = Sequence(lambda number: 4_000_000 + number)
    name = "general"
    kind = 0


class RoleFactory(Factory[RoleSnapshot]):
    class Meta:
        model = RoleSnapshot

    external_id = Sequence(lambda number: 5_000_000 + number)
    name = "helper"


class GuildFactory(Factory[GuildSnapshot]):
    class Meta:
        model = GuildSnapshot

    external_id = Sequence(lambda number: 3_000_000 + number)
    name = LazyAttribute(lambda guild: f"Garden {guild.external_id}")
    permissions = 8


class SettingFieldFactory(Factory[SettingField]):
    class Meta:
        model = SettingField

    key = "welcome"
    label = LazyAttribute(lambda field: f"The {field.key}")
    kind = FieldKind.TEXT


def make_field(kind: FieldKind = FieldKind.TEXT, **changes: Any) -> SettingField:
    """Make a field that keeps every rule, unless the changes break one."""
    choices = {"choices": ("red", "green")} if kind is FieldKind.CHOICE else {}
    return SettingFieldFactory.build(kind=kind, **(choices | changes))


def make_channel(**changes: Any) -> ChannelSnapshot:
    """Make a text channel."""
    return ChannelFactory.build(**changes)


def make_role(**changes: Any) -> RoleSnapshot:
    """Make a role without power."""
    return RoleFactory.build(**changes)


def make_guild(**changes: Any) -> GuildSnapshot:
    """Make a server without channels and roles."""
    return GuildFactory.build(**changes)
