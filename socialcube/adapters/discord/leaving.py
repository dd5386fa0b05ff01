"""Leaving a server."""

from typing import Final

from discord.http import Route

from socialcube.adapters.discord.rest import RestClient
from socialcube.adapters.errors import CallRefusedError

_UNKNOWN_GUILD: Final = 10004
# Discord docs, "Opcodes and Status Codes" > "JSON Error Codes".


async def leave_guild(rest: RestClient, guild_id: int) -> None:
    """Take the bot out of a server (docs, User, "Leave Guild"). One it is not in any more is fine.

    Raises:
        CallRefusedError: Discord said no.
        PlatformUnreachableError, LeaseLostError: as `RestClient.request`.
    """
    try:
        await rest.request(Route("DELETE", "/users/@me/guilds/{guild_id}", guild_id=guild_id))
    except CallRefusedError as error:
        if error.api_code != _UNKNOWN_GUILD:
            raise
