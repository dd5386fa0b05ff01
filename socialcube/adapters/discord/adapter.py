"""Discord as the fleet sees it."""

from collections.abc import Mapping
from datetime import datetime

from socialcube.adapters.base import ApplicationFacts, BotEvents, CommandDirectory, Launch
from socialcube.adapters.discord.application import DiscordApplication
from socialcube.adapters.discord.client import GatewayClient
from socialcube.adapters.discord.commands import DiscordCommands
from socialcube.adapters.discord.guild_lookup import fetch_guild
from socialcube.adapters.discord.guilds import snapshot
from socialcube.adapters.discord.leaving import leave_guild
from socialcube.adapters.discord.managers import is_manager
from socialcube.adapters.discord.profiles import edit_profile
from socialcube.adapters.discord.transport import Transport
from socialcube.domain.bots.types import Presence, Profile, ProfileField, ProfilePicture
from socialcube.domain.guilds.types import GuildSnapshot
from socialcube.domain.placements.types import ResumableSession
from socialcube.engine.ports import Message


class DiscordAdapter:
    """One bot on Discord.

    Args:
        launch: the bot and its token.
        events: hears what happens.
        transport: the process's connections.
    """

    def __init__(self, launch: Launch, events: BotEvents, transport: Transport) -> None:
        self._client = GatewayClient(launch, events, transport)
        self._commands = DiscordCommands(self._client.rest, lambda: self._client.application)
        self._clock = transport.clock
        self._application = DiscordApplication(self._client.rest)

    @property
    def commands(self) -> CommandDirectory:
        """Give access to the bot's commands at Discord."""
        return self._commands

    @property
    def latency_ms(self) -> float | None:
        """Give the round trip of the last heartbeat, None before the first."""
        return self._client.latency_ms

    @property
    def guild_count(self) -> int:
        """Count the servers of the present session."""
        return len(self._client.known)

    @property
    def last_event_at(self) -> datetime | None:
        """Tell when Discord last sent an event."""
        return self._client.last_event_at

    @property
    def last_ack_at(self) -> datetime | None:
        """Tell when Discord last acknowledged a heartbeat, or a connection."""
        return self._client.last_ack_at

    @property
    def last_rest_at(self) -> datetime | None:
        """Tell when Discord last did what a call asked for."""
        return self._client.rest.last_success_at

    @property
    def session(self) -> ResumableSession | None:
        """Give what another process could go on with, None when there is nothing."""
        return self._client.session

    def describe_guild(self, external_id: int) -> GuildSnapshot | None:
        """Give a server as last seen, None when it is not known here or not available."""
        guild = self._client.get_guild(external_id)
        return None if guild is None or guild.unavailable else snapshot(guild)

    async def fetch_guild(self, external_id: int) -> GuildSnapshot | None:
        """Ask Discord how a server looks; None when the bot may not know, or is not there."""
        guild = await fetch_guild(self._client.rest, self._client.state, external_id)
        return None if guild is None else snapshot(guild)

    def list_guild_ids(self) -> frozenset[int]:
        """List the servers of the present session."""
        return self._client.known.ids

    async def inspect(self) -> ApplicationFacts:
        """Ask Discord about the application."""
        return await self._application.inspect()

    async def set_intents(self, intents: int) -> int:
        """Allow the application exactly these limited intents. Gives what it is allowed now."""
        return await self._application.set_intents(intents)

    async def take_interactions(self) -> None:
        """Have Discord send commands to the gateway rather than to an address."""
        await self._application.take_interactions()

    @property
    def presence(self) -> Presence | None:
        """Give what the session shows of the bot; None when another process may have changed that."""
        return self._client.presence

    async def set_presence(self, presence: Presence) -> None:
        """Show this from now on."""
        await self._client.set_presence(presence)

    async def edit_profile(self, changes: Mapping[ProfileField, str | ProfilePicture | None]) -> Profile:
        """Change what people see of the bot at Discord and give how it looks now."""
        return await edit_profile(self._client.rest, changes)

    async def is_manager(self, guild_id: int, user_id: int) -> bool:
        """Ask Discord whether a person may manage a server."""
        return await is_manager(self._client.rest, guild_id, user_id, self._clock.now())

    async def leave_guild(self, external_id: int) -> None:
        """Leave a server. One that the bot is not in any more is fine."""
        await leave_guild(self._client.rest, external_id)

    async def post(self, channel_id: int, message: Message, name: str) -> None:
        """Send a message to a channel, once per name."""
        await self._application.post(channel_id, message, name)

    async def run(self) -> None:
        """Connect and stay connected until `stop`. While Discord is away it keeps trying.

        Raises:
            HeldError, StartsUsedUpError, LeaseLostError: as `BotAdapter.run`.
        """
        await self._client.connect()

    async def stop(self, *, hand_over: bool) -> None:
        """Close with 4000, which keeps the session, or with 1000, which ends it."""
        await self._client.end(hand_over=hand_over)
