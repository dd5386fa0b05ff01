"""Guilds, their channels and who is in them."""

from socialcube.sandbox.errors import UnknownMemberError, UnknownRoleError
from socialcube.sandbox.world import permissions
from socialcube.sandbox.world.changes import (
    BotAdded,
    BotRemoved,
    ChannelChanged,
    ChannelCreated,
    ChannelRemoved,
    GuildChanged,
    MemberChanged,
    MemberJoined,
    MemberLeft,
    RoleCreated,
    RoleRemoved,
)
from socialcube.sandbox.world.core import Core
from socialcube.sandbox.world.permissions import Permission
from socialcube.sandbox.world.records import Application, Channel, Guild, Member, Role, User
from socialcube.sandbox.world.seed import founded, install


class Guilds:
    """Reads and changes guilds. Every change is told on the feed."""

    def __init__(self, core: Core) -> None:
        self._core = core

    def get(self, guild_id: int) -> Guild:
        """Give a guild, or raise UnknownGuildError."""
        return self._core.get_guild(guild_id)

    def get_channel(self, channel_id: int) -> Channel:
        """Give a channel of any guild, or raise UnknownChannelError."""
        return self._core.get_channel(channel_id)

    def get_member(self, guild_id: int, user_id: int) -> Member:
        """Give a member, or raise UnknownMemberError."""
        return self._core.get_member(guild_id, user_id)

    def list_of(self, user_id: int) -> list[Guild]:
        """Give the guilds that a person or bot is in, by id."""
        return [self.get(key) for key in sorted(self._core.state.guilds) if user_id in self.get(key).members]

    def list_bots(self, guild_id: int) -> list[Application]:
        """Give the applications whose bots are in a guild, by id."""
        found = self._core.state.applications
        return [found[key] for key in sorted(self.get(guild_id).members) if key in found]

    def list_people(self) -> list[User]:
        """Give the demo people, by id."""
        users = self._core.state.users
        return [users[key] for key in sorted(users) if not users[key].bot]

    def permissions_of(self, user_id: int, channel_id: int) -> int:
        """Give the permission bits of a user in a channel; 0 for who is not in its guild."""
        channel = self.get_channel(channel_id)
        guild = self.get(channel.guild_id)
        if user_id not in guild.members:
            return 0
        return permissions.in_channel(guild, channel, guild.members[user_id])

    def may(self, user_id: int, channel_id: int, needed: Permission) -> bool:
        """Tell whether a user holds every needed permission in a channel."""
        return self.permissions_of(user_id, channel_id) & needed == needed

    def create(self, name: str, *, slot: int = 0) -> Guild:
        """Make a guild of Mara's with the channel `general`.

        Args:
            name: of the guild.
            slot: its id shifted by 22 bits: what decides about its shard.
        """
        guild = founded(self._core.small_id() | slot << 22, name, self._core.clock.now())
        channel = Channel(self._core.small_id(), guild.id, "general")
        guild.channels[channel.id] = channel
        self._core.state.guilds[guild.id] = guild
        self._core.feed.publish(GuildChanged(guild.id))
        return guild

    def rename(self, guild_id: int, name: str) -> None:
        """Change a guild's name."""
        self.get(guild_id).name = name
        self._core.feed.publish(GuildChanged(guild_id))

    def give_away(self, guild_id: int, user_id: int) -> None:
        """Make a member the guild's owner, or raise UnknownMemberError."""
        self.get(guild_id).owner_id = self.get_member(guild_id, user_id).user_id
        self._core.feed.publish(GuildChanged(guild_id))

    def create_channel(self, guild_id: int, name: str, *, kind: int = 0) -> Channel:
        """Add a channel at the end of a guild's list."""
        guild = self.get(guild_id)
        channel = Channel(self._core.small_id(), guild_id, name, kind, position=len(guild.channels))
        guild.channels[channel.id] = channel
        self._core.feed.publish(ChannelCreated(channel))
        return channel

    def rename_channel(self, channel_id: int, name: str) -> None:
        """Change a channel's name."""
        channel = self.get_channel(channel_id)
        channel.name = name
        self._core.feed.publish(ChannelChanged(channel))

    def delete_channel(self, channel_id: int) -> None:
        """Remove a channel with its messages."""
        channel = self.get_channel(channel_id)
        del self.get(channel.guild_id).channels[channel_id]
        self._core.state.messages.pop(channel_id, None)
        self._core.feed.publish(ChannelRemoved(channel))

    def create_role(self, guild_id: int, name: str, permissions: int = 0) -> Role:
        """Add a role above the others."""
        guild = self.get(guild_id)
        role = Role(self._core.small_id(), name, permissions, position=len(guild.roles))
        guild.roles[role.id] = role
        self._core.feed.publish(RoleCreated(guild_id, role))
        return role

    def delete_role(self, guild_id: int, role_id: int) -> None:
        """Remove a role from a guild and its members. @everyone stays: it is no role that one could lose."""
        guild = self.get(guild_id)
        if role_id == guild_id or role_id not in guild.roles:
            raise UnknownRoleError
        for member in guild.members.values():
            member.role_ids = [key for key in member.role_ids if key != role_id]
        self._core.feed.publish(RoleRemoved(guild_id, guild.roles.pop(role_id)))

    def give_role(self, guild_id: int, user_id: int, role_id: int) -> None:
        """Give a member a role. @everyone is no role that one could give."""
        member = self._member_for(guild_id, user_id, role_id)
        if role_id not in member.role_ids:
            member.role_ids.append(role_id)
            self._core.feed.publish(MemberChanged(guild_id, user_id))

    def take_role(self, guild_id: int, user_id: int, role_id: int) -> None:
        """Take a role from a member. One that they do not have is fine."""
        member = self._member_for(guild_id, user_id, role_id)
        if role_id in member.role_ids:
            member.role_ids.remove(role_id)
            self._core.feed.publish(MemberChanged(guild_id, user_id))

    def join(self, guild_id: int, user_id: int) -> None:
        """Make a person a member. Who is one already stays as they are."""
        guild = self.get(guild_id)
        if self._core.get_user(user_id).id not in guild.members:
            guild.members[user_id] = Member(user_id, self._core.clock.now())
            self._core.feed.publish(MemberJoined(guild_id, user_id))

    def leave(self, guild_id: int, user_id: int) -> None:
        """Remove a person from a guild, or raise UnknownMemberError."""
        if self.get(guild_id).members.pop(user_id, None) is None:
            raise UnknownMemberError
        self._core.feed.publish(MemberLeft(guild_id, user_id))

    def add_bot(self, guild_id: int, application_id: int) -> None:
        """Install a bot in a guild. One that is there already stays as it is."""
        self._core.get_application(application_id)
        if application_id not in self.get(guild_id).members:
            role_id = self._core.small_id()
            install(self._core.state, guild_id, application_id, role_id=role_id, at=self._core.clock.now())
            self._core.feed.publish(RoleCreated(guild_id, self.get(guild_id).roles[role_id]))
            self._core.feed.publish(BotAdded(guild_id, application_id))

    def remove_bot(self, guild_id: int, application_id: int) -> None:
        """Remove a bot, its role and its commands in that guild, or raise UnknownMemberError."""
        guild = self.get(guild_id)
        if guild.members.pop(application_id, None) is None:
            raise UnknownMemberError
        for role in [role for role in guild.roles.values() if role.bot_id == application_id]:
            self.delete_role(guild_id, role.id)
        # Discord forgets the commands that a bot had in a guild when it leaves, and keeps the global ones.
        commands = self._core.state.commands
        for command in [item for item in commands.values() if item.guild_id == guild_id]:
            if command.application_id == application_id:
                del commands[command.id]
        self._core.feed.publish(BotRemoved(guild_id, application_id))

    def _member_for(self, guild_id: int, user_id: int, role_id: int) -> Member:
        if role_id == guild_id or role_id not in self.get(guild_id).roles:
            raise UnknownRoleError
        return self.get_member(guild_id, user_id)
