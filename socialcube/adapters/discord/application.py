"""What a bot asks Discord about its own application, and changes there."""

from typing import Any

from discord.http import Route

from socialcube.adapters.base import ApplicationFacts
from socialcube.adapters.discord.messages import to_payload
from socialcube.adapters.discord.rest import RestClient
from socialcube.adapters.errors import PlatformUnreachableError
from socialcube.domain.bots.policy import allowed_intents, changed_flags
from socialcube.engine.ports import Message


class DiscordApplication:
    """Reads and changes the application of one bot.

    Args:
        rest: the bot's REST client.
    """

    def __init__(self, rest: RestClient) -> None:
        self._rest = rest

    async def inspect(self) -> ApplicationFacts:
        """Ask for the application and for the session starts that are left."""
        application = await self._get()
        _, starts = await self._rest.get_session_start()
        flags = _flags_of(application)
        return ApplicationFacts(
            allowed_intents(flags),
            flags,
            bool(application.get("bot_public")),
            starts,
            str(application.get("interactions_endpoint_url") or ""),
        )

    async def set_intents(self, intents: int) -> int:
        """Switch the flags of limited intents (Discord docs, "Edit Current Application")."""
        flags = _flags_of(await self._get())
        wanted = changed_flags(flags, intents)
        if wanted != flags:
            changed = await self._rest.request(Route("PATCH", "/applications/@me"), json={"flags": wanted})
            flags = _flags_of(changed)
        return allowed_intents(flags)

    async def take_interactions(self) -> None:
        """Clear the address that Discord sends commands to ("Interactions", "Receiving and Responding")."""
        await self._rest.request(Route("PATCH", "/applications/@me"), json={"interactions_endpoint_url": ""})

    async def post(self, channel_id: int, message: Message, name: str) -> None:
        """Send a message. Discord takes one of a nonce only once, for some minutes ("Create Message")."""
        body = to_payload(message) | {"nonce": name, "enforce_nonce": True}
        route = Route("POST", "/channels/{channel_id}/messages", channel_id=channel_id)
        await self._rest.request(route, json=body, repeat=True)

    async def _get(self) -> dict[str, Any]:
        found = await self._rest.request(Route("GET", "/applications/@me"))
        if not isinstance(found, dict):
            raise PlatformUnreachableError(reason="its answer about the application made no sense")
        return found


def _flags_of(application: Any) -> int:
    try:
        return int(application["flags"])
    except (KeyError, TypeError, ValueError) as error:
        raise PlatformUnreachableError(reason="its answer about the application made no sense") from error
