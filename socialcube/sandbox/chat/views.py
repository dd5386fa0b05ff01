"""The world as one person sees it, in the form that the page draws."""

from collections.abc import Collection, Iterable
from typing import TYPE_CHECKING, Final

from socialcube.sandbox.chat.presence import presence_view
from socialcube.sandbox.errors import UnknownChannelError, UnknownMessageError
from socialcube.sandbox.pictures.designs import icon_path
from socialcube.sandbox.shapes.commands import command_json
from socialcube.sandbox.shapes.messages import message_json
from socialcube.sandbox.shapes.users import Json, picture_of
from socialcube.sandbox.world import permissions
from socialcube.sandbox.world.permissions import Permission
from socialcube.sandbox.world.records import Channel, Guild, Member, Message, User

if TYPE_CHECKING:
    from socialcube.sandbox.world.world import World

CATEGORY: Final = 4
_READABLE: Final = frozenset({0, 5})


def person_view(user: User) -> Json:
    """Give a demo person: id, name, username, the word for their part, and their picture's address if any."""
    return {
        "id": str(user.id),
        "name": _name(user),
        "username": user.username,
        "part": user.part,
        "avatar_url": _picture_path(user),
    }


def world_view(world: "World", person: User, present: Collection[int]) -> Json:
    """Give everything around the messages: `{me, guilds}`.

    Args:
        world: the world.
        person: whose eyes it is seen with: channels and commands that they may not use are left out.
        present: ids of the people who have the chat open.
    """
    guilds = [_guild_view(world, guild, person, present) for guild in world.guilds.list_of(person.id)]
    return {"me": person_view(person), "guilds": guilds}


def message_view(world: "World", message: Message) -> Json:
    """Give a message as Discord's API does, with the message it replies to."""
    shape = message_json(world, message)
    if message.reply_to is not None:
        shape["referenced_message"] = _replied_to(world, message)
    return shape


def may_see(world: "World", user_id: int, message: Message) -> bool:
    """Tell whether a person sees a message: theirs alone, or public in a channel they see."""
    if message.seen_by not in {None, user_id}:
        return False
    try:
        return world.guilds.may(user_id, message.channel_id, Permission.VIEW_CHANNEL)
    except UnknownChannelError:
        # An answer may still change after its channel was deleted.
        return False


def _guild_view(world: "World", guild: Guild, person: User, present: Collection[int]) -> Json:
    member = guild.members[person.id]
    bits = permissions.in_guild(guild, member)
    members = [_member_view(world, guild, each, present) for each in guild.members.values()]
    return {
        "id": str(guild.id),
        "name": guild.name,
        "avatar_url": icon_path(guild.id),
        "channels": [_channel_view(guild, channel, member) for channel in _visible(guild, member)],
        "roles": [
            {"id": str(role.id), "name": role.name, "color": role.color}
            for role in sorted(guild.roles.values(), key=lambda role: -role.position)
        ],
        "members": members,
        "commands": [command_json(command) for command in world.commands.list_visible(guild.id, bits)],
    }


def _visible(guild: Guild, member: Member) -> Iterable[Channel]:
    """Give the channels that a member sees; a category only when something in it is seen."""
    seen = [
        channel
        for channel in guild.channels.values()
        if permissions.in_channel(guild, channel, member) & Permission.VIEW_CHANNEL
    ]
    parents = {channel.parent_id for channel in seen}
    return [channel for channel in seen if channel.kind != CATEGORY or channel.id in parents]


def _channel_view(guild: Guild, channel: Channel, member: Member) -> Json:
    bits = permissions.in_channel(guild, channel, member)
    return {
        "id": str(channel.id),
        "name": channel.name,
        "type": channel.kind,
        "topic": channel.topic or "",
        "position": channel.position,
        "parent_id": str(channel.parent_id) if channel.parent_id else None,
        "readable": channel.kind in _READABLE,
        "writable": bool(bits & Permission.SEND_MESSAGES),
        "managed": bool(bits & Permission.MANAGE_GUILD),
    }


def _member_view(world: "World", guild: Guild, member: Member, present: Collection[int]) -> Json:
    user = world.get_user(member.user_id)
    roles = sorted((guild.roles[key] for key in member.role_ids), key=lambda role: -role.position)
    return {
        "id": str(user.id),
        "name": member.nick or _name(user),
        "username": user.username,
        "bot": user.bot,
        "avatar_url": _picture_path(user),
        "roles": [str(role.id) for role in roles],
        "color": next((role.color for role in roles if role.color), 0),
        **_presence(world, user, present),
    }


def _presence(world: "World", user: User, present: Collection[int]) -> Json:
    """Give whether a member is there, and for a bot what it shows of itself."""
    if not user.bot:
        online = user.id in present
        return {"online": online, "status": "online" if online else "offline", "activity": ""}
    return presence_view(
        world.applications.presence_of(user.id), online=world.applications.is_online(user.id)
    )


def _picture_path(user: User) -> str | None:
    """Give where this server has a user's picture."""
    picture = picture_of(user)
    return f"/avatars/{user.id}/{picture}.png" if picture else None


def _replied_to(world: "World", message: Message) -> Json | None:
    try:
        return message_json(world, world.messages.get(message.channel_id, message.reply_to or 0))
    except UnknownMessageError:
        return None


def _name(user: User) -> str:
    return user.global_name or user.username
