"""Who manages a server, asked of Discord itself: our picture of roles may be old, members are not kept."""

from datetime import datetime
from typing import Any, Final

from discord.http import Route

from socialcube.adapters.discord.rest import RestClient
from socialcube.adapters.errors import CallRefusedError, PlatformUnreachableError

# Discord docs, "Permissions" > "Bitwise Permission Flags".
_ADMINISTRATOR: Final = 1 << 3
_MANAGE_GUILD: Final = 1 << 5

_NOT_FOUND: Final = 404
_FORBIDDEN: Final = 403
# Discord docs, "Opcodes and Status Codes" > "JSON Error Codes": unknown server, member, user; missing access.
_NOT_THERE: Final = frozenset({10004, 10007, 10013, 50001})


async def is_manager(rest: RestClient, guild_id: int, user_id: int, now: datetime) -> bool:
    """Tell whether a person owns a server, administers it or holds Manage Server.

    Somebody who is not in the server, and a server that the bot is not in, give False.

    Args:
        rest: the bot's REST client.
        guild_id: Discord's id of the server.
        user_id: Discord's id of the person.
        now: the present moment: who has a time-out until later may manage nothing.

    Raises:
        CallRefusedError: Discord said no for another reason.
        PlatformUnreachableError: Discord gave no sensible answer.
    """
    member_route = Route(
        "GET", "/guilds/{guild_id}/members/{member_id}", guild_id=guild_id, member_id=user_id
    )
    try:
        member = await rest.request(member_route)
        guild = await rest.request(Route("GET", "/guilds/{guild_id}", guild_id=guild_id))
    except CallRefusedError as error:
        if error.status in {_NOT_FOUND, _FORBIDDEN} and error.api_code in _NOT_THERE:
            return False
        raise
    try:
        return _may_manage(guild, member, user_id, now)
    except (KeyError, TypeError, ValueError) as error:
        raise PlatformUnreachableError(reason="its answer about a member made no sense") from error


def _may_manage(guild: dict[str, Any], member: dict[str, Any], user_id: int, now: datetime) -> bool:
    if int(member["user"]["id"]) != user_id:
        raise ValueError("another member than the one asked for")
    if int(guild["owner_id"]) == user_id:
        return True
    # @everyone is the role with the server's own id, and no member lists it.
    held = {int(role_id) for role_id in member["roles"]} | {int(guild["id"])}
    bits = 0
    for role in guild["roles"]:
        if int(role["id"]) in held:
            bits |= int(role["permissions"])
    if bits & _ADMINISTRATOR:
        return True
    return bool(bits & _MANAGE_GUILD) and not _is_timed_out(member, now)


def _is_timed_out(member: dict[str, Any], now: datetime) -> bool:
    """Tell whether a member may only read for a while (Discord docs, "Permissions" > "Time Out")."""
    until = member.get("communication_disabled_until")
    return until is not None and datetime.fromisoformat(until) > now
