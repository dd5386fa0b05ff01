"""What every part of the world shares."""

from dataclasses import dataclass, field

from socialcube.kernel.clock import Clock
from socialcube.sandbox.errors import (
    UnknownApplicationError,
    UnknownChannelError,
    UnknownGuildError,
    UnknownMemberError,
    UnknownUserError,
)
from socialcube.sandbox.limits import Limits
from socialcube.sandbox.world.changes import Feed
from socialcube.sandbox.world.records import Application, Channel, Guild, Member, State, User
from socialcube.sandbox.world.snowflakes import SnowflakeFactory


@dataclass(slots=True)
class Core:
    """State, clock, limits, ids and the feed, with the look-ups that everything needs."""

    state: State
    clock: Clock
    limits: Limits
    ids: SnowflakeFactory
    feed: Feed = field(default_factory=Feed)

    def small_id(self) -> int:
        """Give an id that cannot exist on Discord: its time part is zero."""
        self.state.next_id += 1
        return self.state.next_id

    def get_user(self, user_id: int) -> User:
        """Give a person or bot, or raise UnknownUserError."""
        try:
            return self.state.users[user_id]
        except KeyError:
            raise UnknownUserError from None

    def get_application(self, application_id: int) -> Application:
        """Give an application, or raise UnknownApplicationError."""
        try:
            return self.state.applications[application_id]
        except KeyError:
            raise UnknownApplicationError from None

    def get_guild(self, guild_id: int) -> Guild:
        """Give a guild, or raise UnknownGuildError."""
        try:
            return self.state.guilds[guild_id]
        except KeyError:
            raise UnknownGuildError from None

    def get_channel(self, channel_id: int) -> Channel:
        """Give a channel of any guild, or raise UnknownChannelError."""
        for guild in self.state.guilds.values():
            if channel_id in guild.channels:
                return guild.channels[channel_id]
        raise UnknownChannelError

    def get_member(self, guild_id: int, user_id: int) -> Member:
        """Give a member of a guild, or raise UnknownMemberError."""
        try:
            return self.get_guild(guild_id).members[user_id]
        except KeyError:
            raise UnknownMemberError from None
