"""What the lives of shards begin with, read in one go."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import NamedTuple

from sqlalchemy.orm import Session

from socialcube.domain.bots import queries as bots
from socialcube.domain.bots.types import BotLaunch
from socialcube.domain.guilds import queries as guilds
from socialcube.domain.guilds.policy import shard_of
from socialcube.domain.placements import queries as placements
from socialcube.domain.placements.types import ResumableSession, SessionTerms, Shard


class Part(NamedTuple):
    """A shard, and in how many parts its bot runs."""

    unit: Shard
    shard_count: int


@dataclass(frozen=True, slots=True)
class Beginning:
    """What is known of a shard before it connects.

    Attributes:
        bot: who it is, with its sealed token.
        terms: on which its session is begun, or gone on with.
        session: what its last runner left to go on with, None when that is too long ago or of no use.
        guilds: its servers by the platform's id, with the names last stored.
    """

    bot: BotLaunch
    terms: SessionTerms
    session: ResumableSession | None
    guilds: Mapping[int, str]


def read_beginnings(session: Session, parts: Collection[Part]) -> dict[Part, Beginning | None]:
    """Read what each of these begins with, None for those of bots that are gone."""
    bot_ids = {part.unit.bot_id for part in parts}
    launches = bots.list_launches(session, bot_ids)
    names = guilds.list_guild_names(session, bot_ids)
    terms = {
        part: SessionTerms(bot.generation, part.shard_count, bot.intents)
        for part in parts
        if (bot := launches.get(part.unit.bot_id))
    }
    left = placements.list_sessions(session, {part.unit: wanted for part, wanted in terms.items()})
    begun = {
        part: Beginning(
            launches[part.unit.bot_id],
            wanted,
            left.get(part.unit),
            _share_of(part, names[part.unit.bot_id]),
        )
        for part, wanted in terms.items()
    }
    return {part: begun.get(part) for part in parts}


def _share_of(part: Part, names: Mapping[int, str]) -> dict[int, str]:
    """Choose the servers of a part from those of its bot."""
    return {
        guild_id: name
        for guild_id, name in names.items()
        if shard_of(guild_id, part.shard_count) == part.unit.number
    }
