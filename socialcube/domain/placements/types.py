"""Words about ownership."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final, NamedTuple
from uuid import UUID

KEPT_FOR_ALL: Final = 10
"""Session starts that nobody gets: when none is left, Discord ends every session and resets the token."""

KEPT_FOR_PEOPLE: Final = 100
"""Session starts that only a person's wish gets: whatever goes round in circles stops before these."""


class Shard(NamedTuple):
    """The part of a bot that one gateway connection serves; most bots have one, number 0."""

    bot_id: UUID
    number: int


@dataclass(frozen=True, slots=True)
class Lease:
    """The right to speak for a shard of a bot.

    Attributes:
        bot_id: the bot.
        shard: the number of the shard.
        epoch: grows with every change of owner; writes of an older epoch are refused.
        shard_count: in how many parts the bot runs under it. For another number it takes another lease.
    """

    bot_id: UUID
    shard: int
    epoch: int
    shard_count: int = 1

    @property
    def unit(self) -> Shard:
        """Give what the right is to."""
        return Shard(self.bot_id, self.shard)


@dataclass(frozen=True, slots=True)
class StartTerms:
    """What a shard may spend on starting a session.

    Attributes:
        generation: the wish that it fulfils. The first start of a wish is a person's, the others are not.
        remaining: starts that are left to the bot by the platform's own count.
        total: starts that the platform allows the bot in 24 hours.
    """

    generation: int
    remaining: int
    total: int


@dataclass(frozen=True, slots=True)
class ResumableSession:
    """What it takes to go on with a gateway session, in this process or in another one.

    Attributes:
        id: given by the platform when the session began.
        sequence: number of the last event that need not be sent again.
        url: where the platform said that this session can be resumed, without a query.
        application_id: the platform's id of the application, which only the beginning of a session tells.
    """

    id: str
    sequence: int
    url: str
    application_id: int


@dataclass(frozen=True, slots=True)
class SessionTerms:
    """On which terms a session was begun. Whoever goes on with it must want the same.

    Attributes:
        generation: the wish that it fulfils. A newer wish, as for another token, begins anew.
        shard_count: in how many parts the bot runs.
        intents: what the platform sends to it.
    """

    generation: int
    shard_count: int
    intents: int


@dataclass(frozen=True, slots=True)
class HeldSession:
    """A session as its runner has it stored.

    Attributes:
        lease: under which the bot runs.
        session: its sequence is that of the last event that was handled, not merely received.
        terms: with which it was begun; others cannot go on with it.
    """

    lease: Lease
    session: ResumableSession
    terms: SessionTerms


@dataclass(frozen=True, slots=True)
class RunnerView:
    """A `bots` process as the database knows it.

    Attributes:
        id: its key, new at every start.
        host: the machine it runs on.
        pid: its process id there.
        lock_path: the file it holds locked for as long as it lives.
        started_at: when it registered.
        seen_at: when it last renewed its leases, by the database's clock.
        address: the network address that it calls the platform from, as its setting names it.
        bots: how many leases it holds; each shard of a bot counts.
    """

    id: UUID
    host: str
    pid: int
    lock_path: str
    started_at: datetime
    seen_at: datetime
    bots: int
    address: str = ""


@dataclass(frozen=True, slots=True)
class Share:
    """How the bots are spread over the runners, as one runner sees it.

    Attributes:
        wanted: shards that should run.
        living: how many shards each runner that lives takes at most, this one among them.
        settled: the same of those that have lived long enough for others to make room for them.
    """

    wanted: int
    living: Sequence[int]
    settled: Sequence[int]


@dataclass(frozen=True, slots=True)
class BotBudgets:
    """What a bot has spent of what its platform allows.

    Attributes:
        starts_used: session starts in the last 24 hours, all shards together.
        starts_total: how many of them the platform allows.
        starts_limit: at which count it is not started any more without a person's wish.
        invalid_own: answers 401, 403 and 429 that it got in the last ten minutes.
        invalid_address: those of all bots behind the same address.
        invalid_limit: at which count all calls of that address pause; the platform blocks it at twice that.
        address: its name, empty while no runner holds the bot.
    """

    starts_used: int
    starts_total: int
    starts_limit: int
    invalid_own: int
    invalid_address: int
    invalid_limit: int
    address: str
