"""From py-cord's cached server to our picture of it."""

from typing import Final

import discord

from socialcube.domain.guilds.types import ChannelSnapshot, GuildSnapshot, RoleSnapshot

_BY_GUILD_ID: Final = frozenset(
    {
        "CHANNEL_CREATE",
        "CHANNEL_UPDATE",
        "CHANNEL_DELETE",
        "GUILD_ROLE_CREATE",
        "GUILD_ROLE_UPDATE",
        "GUILD_ROLE_DELETE",
    }
)
_BY_ID: Final = frozenset({"GUILD_CREATE", "GUILD_UPDATE"})


def changed_guild(event: str, data: dict[str, object]) -> int | None:
    """Tell which server looks different after an event, None when none does."""
    if event in _BY_ID:
        return int(str(data["id"]))
    if event in _BY_GUILD_ID and data.get("guild_id") is not None:
        return int(str(data["guild_id"]))
    return None


def snapshot(guild: discord.Guild) -> GuildSnapshot:
    """Take the picture of a server."""
    # py-cord types `me` as always there, which fails to hold while the cache has no member of ours.
    me: discord.Member | None = guild.me
    return GuildSnapshot(
        external_id=guild.id,
        name=guild.name or "",
        icon=guild._icon,
        owner_external_id=guild.owner_id,
        permissions=me.guild_permissions.value if me else 0,
        channels=tuple(_channel(channel) for channel in guild.channels),
        roles=tuple(_role(role) for role in guild.roles),
    )


def _channel(channel: discord.abc.GuildChannel) -> ChannelSnapshot:
    return ChannelSnapshot(
        external_id=channel.id,
        name=channel.name,
        kind=channel.type.value,
        position=channel.position,
        parent_external_id=channel.category_id,
    )


def _role(role: discord.Role) -> RoleSnapshot:
    return RoleSnapshot(
        external_id=role.id,
        name=role.name,
        colour=role.colours.primary.value,
        position=role.position,
        permissions=role.permissions.value,
        managed=role.managed,
    )
