"""What the fleet knows of a platform. Nothing here is Discord's: an adapter translates."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from uuid import UUID

from socialcube.domain.bots.types import Presence, Profile, ProfileField, ProfilePicture
from socialcube.domain.commands.types import DesiredCommand, Invocation, RemoteCommand
from socialcube.domain.guilds.types import GuildSnapshot
from socialcube.domain.placements.types import ResumableSession
from socialcube.engine.ports import Message, Responder
from socialcube.kernel.secrets import Secret


@dataclass(frozen=True, slots=True)
class Launch:
    """What an adapter needs to bring one bot online.

    Attributes:
        bot_id: our key of the bot.
        external_id: the platform's id of the bot; a token of another bot is refused.
        token: opened for this one use.
        intents: kinds of events to ask for, as the platform's bits.
        shard: which part of the bot's servers this connection serves, from 0.
        shard_count: in how many parts they are served.
        session: what another process, or an earlier life, left to go on with; None to begin a session.
        guilds: the servers of this part by the platform's id, with the names last stored. A session that
            goes on does not tell them again.
        presence: what the bot shows of itself from its start on.
    """

    bot_id: UUID
    external_id: int
    token: Secret
    intents: int
    shard: int = 0
    shard_count: int = 1
    session: ResumableSession | None = None
    guilds: Mapping[int, str] = field(default_factory=dict)
    presence: Presence = field(default_factory=Presence)


@dataclass(frozen=True, slots=True)
class SessionStarts:
    """How many sessions the platform still lets this bot start.

    Attributes:
        remaining: starts left in the platform's window.
        total: starts that the window allows.
        reset_seconds: until the window begins anew.
        shards: in how many parts the platform would have this bot connect.
        max_concurrency: how many of these parts may start a session at the same moment.
    """

    remaining: int
    total: int
    reset_seconds: float
    shards: int = 1
    max_concurrency: int = 1


@dataclass(frozen=True, slots=True)
class Connection:
    """A fresh session.

    Attributes:
        guild_ids: the platform's ids of all servers the bot is in.
    """

    guild_ids: frozenset[int]


@dataclass(frozen=True, slots=True)
class ApplicationFacts:
    """What the platform says about a bot's application.

    Attributes:
        intents: limited intents that it is allowed, as intent bits.
        flags: of the application, as the platform's bits.
        is_public: whether anybody may add the bot to a server, rather than its owner only.
        starts: sessions that may still be started.
        interactions_url: where the platform sends commands instead of to the gateway; empty for nowhere else.
    """

    intents: int
    flags: int
    is_public: bool
    starts: SessionStarts
    interactions_url: str = ""


class BotEvents(Protocol):
    """What an adapter tells the fleet about one bot. Every method returns at once and never raises."""

    def may_send(self) -> bool:
        """Tell whether this runner still owns the bot. Asked before anything leaves the process."""
        ...

    async def admit_start(self, starts: SessionStarts) -> None:
        """Wait for this bot's turn to start a session, and count it.

        Raises:
            StartsUsedUpError: it has had enough for today.
        """
        ...

    def connected(self, connection: Connection) -> None:
        """A fresh session stands."""
        ...

    def resumed(self) -> None:
        """A session that was interrupted, here or in another process, goes on; what was missed was sent."""
        ...

    def disconnected(self, sentence: str) -> None:
        """The connection is gone; the adapter is already trying to bring it back."""
        ...

    def guild_changed(self, external_id: int) -> None:
        """A server is new or looks different; `BotAdapter.describe_guild` or `fetch_guild` tells how."""
        ...

    def guild_left(self, external_id: int) -> None:
        """The bot is not in that server any more."""
        ...

    def guild_unavailable(self, external_id: int) -> None:
        """The platform cannot reach that server for the moment; the bot is still a member."""
        ...

    def invoked(self, invocation: Invocation, responder: Responder) -> asyncio.Task[None] | None:
        """Somebody used a command.

        Returns:
            The run. Until it is done the event counts as not handled, so that a process that goes on with
            the session gets it again. None when nothing runs.
        """
        ...

    def event_skipped(self, event: str, problem: str) -> None:
        """An event could not be understood and was left out; the bot goes on."""
        ...


class CommandDirectory(Protocol):
    """The commands that the platform shows to people for one bot.

    Every method raises CallRefusedError when the platform says no, PlatformUnreachableError when it
    cannot be asked, and LeaseLostError when this runner may not speak for the bot any more.
    """

    async def list_commands(self, guild_id: int | None) -> list[RemoteCommand]:
        """List the commands of a server, or those offered everywhere, whoever made them."""
        ...

    async def create_command(self, desired: DesiredCommand) -> int:
        """Add a command. Gives the platform's id."""
        ...

    async def update_command(self, external_id: int, desired: DesiredCommand) -> None:
        """Replace what a command offers."""
        ...

    async def delete_command(self, guild_id: int | None, external_id: int) -> None:
        """Take a command away. One that is not there any more is fine."""
        ...


class BotAdapter(Protocol):
    """One bot on its platform."""

    @property
    def commands(self) -> CommandDirectory:
        """Give access to the commands at the platform."""
        ...

    @property
    def latency_ms(self) -> float | None:
        """Give the round trip of the last heartbeat, None before the first."""
        ...

    @property
    def guild_count(self) -> int:
        """Count the servers of the present session."""
        ...

    @property
    def last_event_at(self) -> datetime | None:
        """Tell when the platform last sent an event."""
        ...

    @property
    def last_ack_at(self) -> datetime | None:
        """Tell when the platform last acknowledged a heartbeat, or a connection."""
        ...

    @property
    def last_rest_at(self) -> datetime | None:
        """Tell when the platform last did what a call asked for."""
        ...

    @property
    def session(self) -> ResumableSession | None:
        """Give what another process could go on with, up to the last event that was handled.

        None while there is no session, and once it was ended, by us or by the platform.
        """
        ...

    def describe_guild(self, external_id: int) -> GuildSnapshot | None:
        """Give a server as last seen, None when it is not known here or not available."""
        ...

    async def fetch_guild(self, external_id: int) -> GuildSnapshot | None:
        """Ask the platform how a server looks; None when the bot may not know, or is not there.

        For servers that this process has not been told of: after it went on with another one's session.

        Raises:
            TokenInvalidError: the platform does not know the token any more.
            PlatformUnreachableError, LeaseLostError: as `CommandDirectory`.
        """
        ...

    def list_guild_ids(self) -> frozenset[int]:
        """List the servers of the present session."""
        ...

    async def inspect(self) -> ApplicationFacts:
        """Ask the platform about the application.

        Raises:
            CallRefusedError, PlatformUnreachableError, LeaseLostError: as `CommandDirectory`.
        """
        ...

    async def set_intents(self, intents: int) -> int:
        """Allow the application exactly these limited intents. Gives what it is allowed now.

        Raises:
            CallRefusedError, PlatformUnreachableError, LeaseLostError: as `CommandDirectory`.
        """
        ...

    async def take_interactions(self) -> None:
        """Have the platform send commands to the gateway rather than to an address.

        Raises:
            CallRefusedError, PlatformUnreachableError, LeaseLostError: as `CommandDirectory`.
        """
        ...

    @property
    def presence(self) -> Presence | None:
        """Give what the session shows of the bot; None when another process may have changed that."""
        ...

    async def set_presence(self, presence: Presence) -> None:
        """Show this from now on. The platform takes five changes in twenty seconds.

        Raises:
            PlatformUnreachableError: there is no connection just now.
            LeaseLostError: as `CommandDirectory`.
        """
        ...

    async def edit_profile(self, changes: Mapping[ProfileField, str | ProfilePicture | None]) -> Profile:
        """Change what people see of the bot and give how it looks now. A picture of None is taken away.

        Raises:
            CallRefusedError, PlatformUnreachableError, LeaseLostError: as `CommandDirectory`.
        """
        ...

    async def is_manager(self, guild_id: int, user_id: int) -> bool:
        """Ask the platform whether a person manages a server: owns it, administers it or may change it.

        Args:
            guild_id: the platform's id of a server. One that the bot is not in counts as managed by nobody.
            user_id: the platform's id of a person; one who is not there may not.

        Raises:
            CallRefusedError, PlatformUnreachableError, LeaseLostError: as `CommandDirectory`.
        """
        ...

    async def leave_guild(self, external_id: int) -> None:
        """Leave a server. One that the bot is not in any more is fine.

        Raises:
            CallRefusedError, PlatformUnreachableError, LeaseLostError: as `CommandDirectory`.
        """
        ...

    async def post(self, channel_id: int, message: Message, name: str) -> None:
        """Send a message to a channel.

        Args:
            channel_id: the platform's id.
            message: nobody is mentioned, whatever its texts say.
            name: of this message, up to 25 characters: sending it again under its name makes no second one.

        Raises:
            CallRefusedError, PlatformUnreachableError, LeaseLostError: as `CommandDirectory`.
        """
        ...

    async def run(self) -> None:
        """Connect and stay connected until `stop`. While the platform is away it keeps trying.

        A session that the launch brings is resumed; one is begun when the platform refuses that.

        Raises:
            HeldError: trying again is of no use; its class says why.
            StartsUsedUpError: no session may be started today.
            LeaseLostError: this runner may not speak for the bot any more.
        """
        ...

    async def stop(self, *, hand_over: bool) -> None:
        """End the connection.

        Args:
            hand_over: leave the session resumable, since another process goes on with it;
                otherwise end it, so that the bot goes offline at once.
        """
        ...


class AdapterFactory(Protocol):
    """Makes the adapter of one bot."""

    def __call__(self, launch: Launch, events: BotEvents) -> BotAdapter:
        """Make it. Nothing connects before `run`."""
        ...
