"""py-cord's cache of one bot, reduced to what the fleet reads: servers, channels, roles."""

import contextlib
from typing import Final

from discord.state import ConnectionState

CACHED_EVENTS: Final = frozenset(
    {
        "READY",
        "GUILD_CREATE",
        "GUILD_UPDATE",
        "GUILD_DELETE",
        "CHANNEL_CREATE",
        "CHANNEL_UPDATE",
        "CHANNEL_DELETE",
        "GUILD_ROLE_CREATE",
        "GUILD_ROLE_UPDATE",
        "GUILD_ROLE_DELETE",
        "GUILD_MEMBER_UPDATE",
        "USER_UPDATE",
    }
)
"""Events that py-cord's cache takes in. The others would cost time and change nothing we read."""


class LeanState(ConnectionState):
    """Holds no messages, no members but the bot itself, and waits for nothing after READY."""

    def __dir__(self) -> list[str]:
        # py-cord finds its parsers by looking at every attribute there is (state.py:263), which takes longer
        # than all else that makes a client. It shall see those of the events above only.
        return [f"parse_{name.lower()}" for name in CACHED_EVENTS]

    async def _delay_ready(self) -> None:
        # py-cord waits two seconds after the last server to say "ready"; nobody here listens for that.
        with contextlib.suppress(AttributeError):
            del self._ready_state
        self._ready_task = None
