"""From py-cord's cached server to our picture of it."""

from typing import Any, Final

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
        "GUILD_MEMBER_UPDATE",
    }
)
_POSTABLE: Final = frozenset({0, 5})
"""Kinds of channels that take messages for good: text and announcements (docs, "Channel Types")."""

_BY_ID: Final = frozenset({"GUILD_CREATE", "GUILD_UPDATE"})


def changed_guild(event: str, data: dict[str, Any], own_id: int) -> int | None:
    """Tell which server looks different after an event, None when none does.

    Args:
        event: the name of the event.
        data: what came with it.
        own_id: the bot's own id: what it may do changes with its roles, which Discord tells of without the
            intent for members (docs, Gateway, "Guild Members Intent").
    """
    if event in _BY_ID:
        return int(str(data["id"]))
    if event == "GUILD_MEMBER_UPDATE" and int(data["user"]["id"]) != own_id:
        return None
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
        channels=tuple(_channel(channel, me) for channel in guild.channels),
        roles=tuple(_role(role) for role in guild.roles),
    )


def _channel(channel: discord.abc.GuildChannel, me: discord.Member | None) -> ChannelSnapshot:
    # Most channels have no rules of their own, and working them out costs time at every start.
    has_rules = channel.type.value in _POSTABLE and bool(channel._overwrites)
    return ChannelSnapshot(
        external_id=channel.id,
        name=channel.name,
        kind=channel.type.value,
        position=channel.position,
        parent_external_id=channel.category_id,
        permissions=channel.permissions_for(me).value if me and has_rules else None,
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
