"""The commands that Discord shows for one bot: read, and written one at a time.

Discord's bulk overwrite would delete what others made, so it is never called.
"""

import logging
from collections.abc import Callable
from typing import Any, Final

from discord.http import Route

from socialcube.adapters.discord.rest import RestClient
from socialcube.adapters.discord.transport import describe
from socialcube.adapters.errors import CallRefusedError, PlatformUnreachableError
from socialcube.domain.commands import policy
from socialcube.domain.commands.types import DesiredCommand, RemoteCommand

_CHAT_INPUT: Final = 1
_UNKNOWN_COMMAND: Final = 10063

_log: Final = logging.getLogger(__name__)


class DiscordCommands:
    """Reads and writes application commands.

    Args:
        rest: the bot's REST client.
        application_id: gives the application's id, which READY may correct.
    """

    def __init__(self, rest: RestClient, application_id: Callable[[], int]) -> None:
        self._rest = rest
        self._application_id = application_id

    async def list_commands(self, guild_id: int | None) -> list[RemoteCommand]:
        """List the commands of a server, or those offered everywhere, whoever made them."""
        found = await self._rest.request(self._route("GET", guild_id), params={"with_localizations": 1})
        try:
            # An empty object must not pass for an empty list: everything would be created again.
            return [_to_remote(command, guild_id) for command in list[Any].copy(found)]
        except (AttributeError, KeyError, TypeError, ValueError) as error:
            raise PlatformUnreachableError(reason="its list of commands made no sense") from error

    async def create_command(self, desired: DesiredCommand) -> int:
        """Add a command. Gives Discord's id.

        A POST with a taken name changes that command, so making this call twice makes one command.
        """
        made = await self._rest.request(self._route("POST", desired.guild_id), json=desired.body, repeat=True)
        try:
            return int(made["id"])
        except (KeyError, TypeError, ValueError) as error:
            raise PlatformUnreachableError(reason="its answer to a new command made no sense") from error

    async def update_command(self, external_id: int, desired: DesiredCommand) -> None:
        """Replace what a command offers."""
        await self._rest.request(self._route("PATCH", desired.guild_id, external_id), json=desired.body)

    async def delete_command(self, guild_id: int | None, external_id: int) -> None:
        """Take a command away. One that is not there any more is fine."""
        try:
            await self._rest.request(self._route("DELETE", guild_id, external_id))
        except CallRefusedError as error:
            if error.api_code != _UNKNOWN_COMMAND:
                raise

    def _route(self, method: str, guild_id: int | None, external_id: int | None = None) -> Route:
        path = "/applications/{application_id}"
        parts: dict[str, Any] = {"application_id": self._application_id()}
        if guild_id is not None:
            path += "/guilds/{guild_id}"
            parts["guild_id"] = guild_id
        path += "/commands"
        if external_id is not None:
            path += "/{command_id}"
            parts["command_id"] = external_id
        return Route(method, path, **parts)


def _to_remote(command: dict[str, Any], guild_id: int | None) -> RemoteCommand:
    name, kind = str(command["name"]), int(command.get("type", _CHAT_INPUT))
    return RemoteCommand(
        external_id=int(command["id"]),
        guild_id=guild_id,
        name=name,
        kind=kind,
        body=command if _is_comparable(command) else {"name": name, "type": kind},
    )


def _is_comparable(command: dict[str, Any]) -> bool:
    """Tell whether a command has a shape on which whoever compares it can rely.

    One that has not still counts by its name and kind: left out it would be overwritten by a command of
    ours, and it must not keep all others from being read.
    """
    try:
        policy.normalise(command)
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        _log.warning("Command %s at Discord cannot be compared: %s", command["id"], describe(error))
        return False
    return True
