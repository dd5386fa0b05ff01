"""Commands of several bots that carry one name in one server: people see it twice and must guess."""

from collections.abc import Collection, Mapping
from uuid import UUID

from socialcube.domain.commands.types import Collision, CommandKey


def find_collisions(
    live: Mapping[UUID, Collection[CommandKey]], bot_ids: Collection[UUID], guild_id: int
) -> tuple[Collision, ...]:
    """Find names that two or more bots show in a server.

    Args:
        live: what is live of each bot, as places and names.
        bot_ids: the bots that are in the server.
        guild_id: the platform's id of the server.
    """
    found: dict[str, dict[UUID, bool]] = {}
    for bot_id in bot_ids:
        for place, name in live.get(bot_id, ()):
            if place is None or place == guild_id:
                # A command of the server stands in front of the bot's own of that name for all servers.
                here = found.setdefault(name, {})
                here[bot_id] = here.get(bot_id, False) or place is not None
    return tuple(
        Collision(name, tuple(bots), frozenset(bot_id for bot_id, only in bots.items() if only))
        for name, bots in sorted(found.items())
        if len(bots) > 1
    )
