"""What is published of many bots, read and compiled in one go."""

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from sqlalchemy.orm import Session

from socialcube.domain.bots import queries as bots
from socialcube.domain.commands import queries, registry
from socialcube.domain.commands.registry import Snapshot
from socialcube.domain.commands.types import PublishedKey
from socialcube.fleet.surroundings import Surroundings, read_surroundings


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """A question about one bot. Each is its own: two bots that know the same ask twice.

    Attributes:
        bot_id: the bot.
        known: what it answers to now.
    """

    bot_id: UUID
    known: Snapshot


@dataclass(frozen=True, slots=True)
class Published:
    """What a bot answers to from now on.

    Attributes:
        snapshot: its commands, compiled.
        synced: what was last synchronised with the platform, by any runner; empty for nothing.
        surroundings: its name and what is set for its servers, None when it is gone.
    """

    snapshot: Snapshot
    synced: str
    surroundings: Surroundings | None


def read_published(session: Session, looks: Collection[Look]) -> dict[Look, Published]:
    """Read and compile what is published. Documents are large, and read only of what changed."""
    bot_ids = {look.bot_id for look in looks}
    live = queries.list_published_keys_by_bot(session, bot_ids)
    changed = {look for look in looks if not _is_current(look.known, live[look.bot_id])}
    documents = queries.list_published_by_bot(session, {look.bot_id for look in changed}) if changed else {}
    synced = bots.list_commands_digests(session, bot_ids)
    surroundings = read_surroundings(session, bot_ids)
    return {
        look: Published(
            registry.build(documents[look.bot_id], look.known) if look in changed else look.known,
            synced.get(look.bot_id, ""),
            surroundings.get(look.bot_id),
        )
        for look in looks
    }


def _is_current(known: Snapshot, live: Collection[PublishedKey]) -> bool:
    return bool(known.digest) and registry.is_current(known, live)
