"""What the life of one shard begins with, read in one go."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlalchemy.orm import Session

from socialcube.domain.bots import queries as bots
from socialcube.domain.bots.types import BotLaunch
from socialcube.domain.guilds import queries as guilds
from socialcube.domain.guilds.policy import shard_of
from socialcube.domain.placements import queries as placements
from socialcube.domain.placements.types import Lease, ResumableSession, SessionTerms


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


def read_beginning(session: Session, lease: Lease, shard_count: int) -> Beginning:
    """Read what a shard begins with.

    Raises:
        BotNotFoundError: the bot is gone.
    """
    bot = bots.get_launch(session, lease.bot_id)
    terms = SessionTerms(bot.generation, shard_count, bot.intents)
    left = placements.find_session(session, lease.unit, terms)
    names = {
        guild.external_id: guild.name
        for guild in guilds.list_guilds_of_bot(session, lease.bot_id)
        if shard_of(guild.external_id, shard_count) == lease.shard
    }
    return Beginning(bot, terms, left, names)
