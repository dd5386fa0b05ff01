"""Asks Discord how a server looks, where the gateway has not told this process."""

from typing import Any

import discord
from discord.http import Route
from discord.state import ConnectionState

from socialcube.adapters.discord.rest import RestClient
from socialcube.adapters.errors import CallRefusedError, PlatformUnreachableError


async def fetch_guild(rest: RestClient, state: ConnectionState, guild_id: int) -> discord.Guild | None:
    """Look at a server with three calls. It is not cached: the next look would find an old picture.

    Args:
        rest: the bot's REST client.
        state: says who the bot is as a member.
        guild_id: Discord's id of the server.

    Returns:
        The server as the gateway would have told it, None when Discord does not let the bot look.

    Raises:
        TokenInvalidError, PlatformUnreachableError, LeaseLostError: as `RestClient.request`.
    """
    try:
        guild = await rest.request(Route("GET", "/guilds/{guild_id}", guild_id=guild_id))
        channels = await rest.request(Route("GET", "/guilds/{guild_id}/channels", guild_id=guild_id))
        me = await rest.request(
            Route("GET", "/guilds/{guild_id}/members/{member_id}", guild_id=guild_id, member_id=state.self_id)
        )
    except CallRefusedError:
        # The bot was taken out meanwhile, or the server has an outage: an event says which.
        return None
    try:
        return discord.Guild(data=_as_event(guild, channels, me), state=state)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise PlatformUnreachableError(reason="its answer about a server made no sense") from error


def _as_event(guild: Any, channels: Any, me: Any) -> Any:
    # py-cord keeps emojis and stickers of every server it ever read, and nobody here looks at them.
    return {**guild, "channels": channels, "members": [me], "emojis": [], "stickers": []}
