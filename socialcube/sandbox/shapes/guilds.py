"""Guilds, channels and roles as Discord's JSON."""

from typing import Any

from socialcube.sandbox.pictures.designs import icon_of
from socialcube.sandbox.shapes.users import Json
from socialcube.sandbox.world import permissions
from socialcube.sandbox.world.records import Channel, Guild, Role

_VOICE, _CATEGORY = 2, 4


def role_json(role: Role) -> Json:
    """Give a role object (Discord docs, "Permissions" > "Role Object")."""
    shape: Json = {
        "id": str(role.id),
        "name": role.name,
        "description": None,
        "permissions": str(role.permissions),
        "position": role.position,
        "color": role.color,
        "colors": {"primary_color": role.color, "secondary_color": None, "tertiary_color": None},
        "hoist": role.hoist,
        "managed": role.bot_id is not None,
        "mentionable": role.mentionable,
        "icon": None,
        "unicode_emoji": None,
        "flags": 0,
    }
    return shape | {"tags": {"bot_id": str(role.bot_id)}} if role.bot_id else shape


def roles_json(guild: Guild) -> list[Json]:
    """Give all roles of a guild, the lowest first."""
    return [
        role_json(role) for role in sorted(guild.roles.values(), key=lambda role: (role.position, role.id))
    ]


def channel_json(channel: Channel) -> Json:
    """Give a guild channel object (Discord docs, "Channel")."""
    shape: Json = {
        "id": str(channel.id),
        "guild_id": str(channel.guild_id),
        "name": channel.name,
        "type": channel.kind,
        "position": channel.position,
        "parent_id": _id(channel.parent_id),
        "permission_overwrites": [
            {"id": str(item.id), "type": item.kind, "allow": str(item.allow), "deny": str(item.deny)}
            for item in channel.overwrites
        ],
        "nsfw": False,
        "flags": 0,
    }
    # A category has no messages, and a field too much fails Discord's own description.
    if channel.kind == _CATEGORY:
        return shape
    shape |= {"last_message_id": _id(channel.last_message_id), "rate_limit_per_user": 0}
    if channel.kind == _VOICE:
        return shape | {"bitrate": 64_000, "user_limit": 0, "rtc_region": None}
    return shape | {"topic": channel.topic}


def channels_json(guild: Guild) -> list[Json]:
    """Give all channels of a guild in their order."""
    return [channel_json(item) for item in sorted(guild.channels.values(), key=lambda item: item.position)]


def partial_channel_json(channel: Channel, bits: int) -> Json:
    """Give the part of a channel that an interaction carries, with the person's permissions in it."""
    return {
        "id": str(channel.id),
        "guild_id": str(channel.guild_id),
        "name": channel.name,
        "type": channel.kind,
        "permissions": str(bits),
        "parent_id": _id(channel.parent_id),
        "position": channel.position,
        "topic": channel.topic,
        "nsfw": False,
        "flags": 0,
        "last_message_id": _id(channel.last_message_id),
        "rate_limit_per_user": 0,
    }


def guild_json(guild: Guild) -> Json:
    """Give a guild object (Discord docs, "Guild")."""
    return {
        "id": str(guild.id),
        "name": guild.name,
        "owner_id": str(guild.owner_id),
        "roles": roles_json(guild),
        "emojis": [],
        "stickers": [],
        "features": [],
        "icon": icon_of(guild.id),
        **_ABSENT,
        **_DEFAULTS,
    }


def my_guild_json(guild: Guild, user_id: int) -> Json:
    """Give the part of a guild that its member lists among their guilds."""
    return {
        "id": str(guild.id),
        "name": guild.name,
        "icon": icon_of(guild.id),
        "banner": None,
        "owner": guild.owner_id == user_id,
        "permissions": str(permissions.in_guild(guild, guild.members[user_id])),
        "features": [],
    }


def _id(snowflake: int | None) -> str | None:
    return None if snowflake is None else str(snowflake)


_ABSENT: dict[str, Any] = dict.fromkeys(
    (
        "description",
        "home_header",
        "splash",
        "discovery_splash",
        "banner",
        "application_id",
        "afk_channel_id",
        "system_channel_id",
        "widget_channel_id",
        "max_presences",
        "vanity_url_code",
        "rules_channel_id",
        "safety_alerts_channel_id",
        "hub_type",
        "public_updates_channel_id",
        "incidents_data",
    )
)
_DEFAULTS: dict[str, Any] = {
    "region": "deprecated",
    "afk_timeout": 300,
    "system_channel_flags": 0,
    "widget_enabled": False,
    "verification_level": 0,
    "default_message_notifications": 1,
    "mfa_level": 0,
    "explicit_content_filter": 0,
    "max_members": 500_000,
    "max_stage_video_channel_users": 50,
    "max_video_channel_users": 25,
    "premium_tier": 0,
    "premium_subscription_count": 0,
    "preferred_locale": "en-US",
    "premium_progress_bar_enabled": False,
    "nsfw": False,
    "nsfw_level": 0,
}
