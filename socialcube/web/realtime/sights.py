"""What of a stream somebody may see."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from socialcube.domain.access.policy import can, scope
from socialcube.domain.access.types import Actor, Permission, Scope
from socialcube.domain.logs.types import LogRecord, Stream

_OF_THE_SITE: Final = frozenset({Stream.REQUESTS})


@dataclass(frozen=True, slots=True)
class Sight:
    """What of a stream somebody may see; equal for people who may see the same.

    Attributes:
        scope: bots whose rows are seen.
        sees_site: whether rows that belong to no bot are seen.
    """

    scope: Scope
    sees_site: bool

    def allows(self, record: LogRecord) -> bool:
        """Tell whether a row is seen."""
        bot_id: UUID | None = getattr(record, "bot_id", None)
        return self.sees_site if bot_id is None else self.scope.allows(bot_id)

    def bot_ids(self, asked: frozenset[UUID] | None) -> frozenset[UUID] | None:
        """Give the bots that a query should look for, None for all. `allows` has the last word."""
        if self.scope.is_all or self.sees_site:
            return asked
        return self.scope.bot_ids if asked is None else asked & self.scope.bot_ids


def narrow(stream: Stream, sight: Sight, bot_ids: frozenset[UUID] | None) -> Sight:
    """Give what of a sight belongs to these bots, None for all. What belongs to the site alone stays."""
    if bot_ids is None or stream in _OF_THE_SITE:
        return sight
    seen = bot_ids if sight.scope.is_all else bot_ids & sight.scope.bot_ids
    return Sight(Scope(is_all=False, bot_ids=seen), sees_site=False)


def find_sight(actor: Actor, stream: Stream) -> Sight | None:
    """Give what an actor may see of a stream, None when it is nothing at all."""
    sees_site = can(actor, Permission.SYSTEM_VIEW)
    if stream in _OF_THE_SITE:
        return Sight(Scope(is_all=False), sees_site=True) if sees_site else None
    of_bots = scope(actor, Permission.LOG_VIEW)
    has_site_rows = stream is Stream.ERRORS and sees_site
    return Sight(of_bots, sees_site=has_site_rows) if of_bots or has_site_rows else None
