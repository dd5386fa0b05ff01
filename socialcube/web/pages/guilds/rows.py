"""The lines of the map of servers."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from socialcube.domain.access.types import Scope
from socialcube.domain.commands import policy
from socialcube.domain.commands import queries as commands
from socialcube.domain.commands.types import Collision, CommandKey
from socialcube.domain.guilds import queries as guilds
from socialcube.domain.guilds.types import GuildView
from socialcube.web.pages.guilds.fits import FittedPlace, fit_places


@dataclass(frozen=True, slots=True)
class Clash:
    """A command name that several bots show in one server.

    Attributes:
        bots: names of the bots, those whose command is for this server only with a word about it.
    """

    name: str
    bots: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MapRow:
    """A server with the bots that the person may see there."""

    guild: GuildView
    places: tuple[FittedPlace, ...]
    clashes: tuple[Clash, ...]


def list_rows(session: Session, guild_ids: Sequence[UUID], seen: Scope, with_commands: Scope) -> list[MapRow]:
    """Give the lines of these servers, in their order.

    Args:
        session: any open session.
        guild_ids: the servers, by our keys.
        seen: the bots whose servers the person may see, and wants to.
        with_commands: the bots whose commands the person may see: collisions name no others.
    """
    places = fit_places(session, guilds.list_sights(session, scope=seen, guild_ids=guild_ids))
    by_guild: dict[UUID, list[FittedPlace]] = {}
    for place in places:
        by_guild.setdefault(place.sight.guild.id, []).append(place)
    live = _live_commands(session, places, with_commands)
    held = [by_guild[guild_id] for guild_id in guild_ids if guild_id in by_guild]
    return [MapRow(found[0].sight.guild, tuple(found), _clashes(found, live)) for found in held]


def _live_commands(
    session: Session, places: Collection[FittedPlace], scope: Scope
) -> dict[UUID, list[CommandKey]]:
    bot_ids = frozenset(place.bot.id for place in places if scope.allows(place.bot.id))
    return commands.list_live_keys(session, Scope(is_all=False, bot_ids=bot_ids)) if bot_ids else {}


def _clashes(places: list[FittedPlace], live: Mapping[UUID, list[CommandKey]]) -> tuple[Clash, ...]:
    names = {place.bot.id: place.bot.name for place in places}
    found = policy.find_collisions(live, list(names), places[0].sight.guild.external_id)
    return tuple(_say(collision, names) for collision in found)


def _say(collision: Collision, names: Mapping[UUID, str]) -> Clash:
    bots = sorted(
        f"{names[bot_id]} (only here)" if bot_id in collision.only_here else names[bot_id]
        for bot_id in collision.bot_ids
    )
    return Clash(collision.name, tuple(bots))
