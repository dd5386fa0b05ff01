"""What a member may do in a guild and in one of its channels."""

from enum import IntFlag
from typing import Final

from socialcube.sandbox.world.records import Channel, Guild, Member


class Permission(IntFlag):
    """The permission bits that the stand-in looks at (Discord docs, "Permissions")."""

    CREATE_INSTANT_INVITE = 1 << 0
    KICK_MEMBERS = 1 << 1
    BAN_MEMBERS = 1 << 2
    ADMINISTRATOR = 1 << 3
    MANAGE_CHANNELS = 1 << 4
    MANAGE_GUILD = 1 << 5
    ADD_REACTIONS = 1 << 6
    VIEW_CHANNEL = 1 << 10
    SEND_MESSAGES = 1 << 11
    MANAGE_MESSAGES = 1 << 13
    EMBED_LINKS = 1 << 14
    ATTACH_FILES = 1 << 15
    READ_MESSAGE_HISTORY = 1 << 16
    MENTION_EVERYONE = 1 << 17
    USE_EXTERNAL_EMOJIS = 1 << 18
    CHANGE_NICKNAME = 1 << 26
    MANAGE_ROLES = 1 << 28
    USE_APPLICATION_COMMANDS = 1 << 31


ALL: Final = (1 << 53) - 1
BASIC: Final = int(
    Permission.VIEW_CHANNEL
    | Permission.SEND_MESSAGES
    | Permission.EMBED_LINKS
    | Permission.ATTACH_FILES
    | Permission.READ_MESSAGE_HISTORY
    | Permission.ADD_REACTIONS
    | Permission.CHANGE_NICKNAME
    | Permission.USE_APPLICATION_COMMANDS
)


def in_guild(guild: Guild, member: Member) -> int:
    """Give a member's permissions in the guild as bits; the owner and administrators have all."""
    if member.user_id == guild.owner_id:
        return ALL
    bits = guild.roles[guild.id].permissions
    for role_id in member.role_ids:
        bits |= guild.roles[role_id].permissions
    return ALL if bits & Permission.ADMINISTRATOR else bits


def in_channel(guild: Guild, channel: Channel, member: Member) -> int:
    """Give a member's permissions in a channel as bits (Discord docs, "Permission Overwrites")."""
    bits = in_guild(guild, member)
    if bits == ALL:
        return bits
    everyone = [item for item in channel.overwrites if item.id == guild.id]
    roles = [item for item in channel.overwrites if item.kind == 0 and item.id in member.role_ids]
    own = [item for item in channel.overwrites if item.kind == 1 and item.id == member.user_id]
    for level in (everyone, roles, own):
        for item in level:
            bits &= ~item.deny
        for item in level:
            bits |= item.allow
    return bits
