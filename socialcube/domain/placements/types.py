"""Words about ownership."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

SESSION_STARTS_PER_DAY: Final = 900
"""Session starts that a bot gets in 24 hours. Discord resets its token at 1,000 (gateway documentation)."""


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to speak for a bot.

    Attributes:
        bot_id: the bot.
        shard: the part of the bot, 0 while bots are not sharded.
        epoch: grows with every change of owner; writes of an older epoch are refused.
    """

    bot_id: UUID
    shard: int
    epoch: int


@dataclass(frozen=True, slots=True)
class RunnerView:
    """A `bots` process as the database knows it.

    Attributes:
        id: its key, new at every start.
        host: the machine it runs on.
        pid: its process id there.
        lock_path: the file it holds locked for as long as it lives.
        started_at: when it registered.
        seen_at: when it last renewed its leases.
        bots: how many leases it holds.
    """

    id: UUID
    host: str
    pid: int
    lock_path: str
    started_at: datetime
    seen_at: datetime
    bots: int


@dataclass(frozen=True, slots=True)
class Share:
    """How the bots are spread over the runners, as one runner sees it.

    Attributes:
        wanted: bots that should run.
        living: runners that live, this one among them.
        settled: those of them that have lived long enough for others to make room for them.
    """

    wanted: int
    living: int
    settled: int


@dataclass(frozen=True, slots=True)
class ClaimTerms:
    """On which terms a runner takes bots.

    Attributes:
        at_most: how many to take.
        lease_seconds: how long they are its own from now on, by the database's clock.
        take_expired: whether a lease that ran out counts as free, beside those given back. A runner
            that has seen the database refuse writes says no for a while: the owner could not
            renew either, and must get its chance first.
    """

    at_most: int
    lease_seconds: float
    take_expired: bool = True
