"""What runners see of bots."""

from dataclasses import dataclass
from datetime import datetime
from typing import Final
from uuid import UUID

from socialcube.domain.bots.types.words import GatewayState, ProcessState, Reason, Tone

SAMPLE_MINUTES: Final = 5
"""How long a step of the latency chart is."""


@dataclass(frozen=True, slots=True)
class BotObservation:
    """All that a runner sees of a bot at one moment. What it leaves None is unknown, not unchanged.

    Attributes:
        epoch: of the lease under which it was seen; an older one is no longer believed.
        latency_ms: round trip of the last gateway heartbeat.
        connected_at: since when the gateway session stands.
        last_event_at: when the platform last sent anything.
        last_ack_at: when it last acknowledged a heartbeat.
        last_rest_at: when it last did what a call asked for.
        shard: the part that this is about.
        shard_count: in how many parts the bot runs.
    """

    bot_id: UUID
    epoch: int
    runner_id: UUID | None
    process: ProcessState
    gateway: GatewayState
    reason: Reason | None = None
    sentence: str = ""
    remedy: str = ""
    latency_ms: float | None = None
    guild_count: int | None = None
    starts_left: int | None = None
    connected_at: datetime | None = None
    last_event_at: datetime | None = None
    last_ack_at: datetime | None = None
    last_rest_at: datetime | None = None
    shard: int = 0
    shard_count: int = 1


@dataclass(frozen=True, slots=True)
class CommandsObservation:
    """How the last synchronisation of commands went. `problem` is empty when it went well."""

    bot_id: UUID
    epoch: int
    digest: str | None
    synced_at: datetime
    problem: str = ""


@dataclass(frozen=True, slots=True)
class StateView:
    """What was last seen of a bot, of all its shards together: the worst of them counts.

    Attributes:
        is_held: whether a runner stopped it on purpose and nobody wished anew since.
    """

    process: ProcessState
    gateway: GatewayState
    is_held: bool
    reason: Reason | None
    sentence: str
    remedy: str
    runner_id: UUID | None
    epoch: int
    latency_ms: float | None
    guild_count: int | None
    starts_left: int | None
    commands_digest: str | None
    commands_synced_at: datetime | None
    commands_problem: str
    connected_at: datetime | None
    last_event_at: datetime | None
    updated_at: datetime
    last_ack_at: datetime | None = None
    last_rest_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ShardView:
    """What was last seen of one part of a bot that runs in several."""

    number: int
    process: ProcessState
    gateway: GatewayState
    reason: Reason | None
    sentence: str
    remedy: str
    runner_id: UUID | None
    latency_ms: float | None
    guild_count: int | None
    connected_at: datetime | None
    last_event_at: datetime | None
    last_ack_at: datetime | None
    last_rest_at: datetime | None
    updated_at: datetime


@dataclass(frozen=True, slots=True)
class LatencySample:
    """How quickly the platform acknowledged the heartbeats of a bot within five minutes.

    Attributes:
        at: when they began.
        worst_ms: the longest round trip, of all shards.
        mean_ms: the round trips on average.
        count: how many were measured.
    """

    at: datetime
    worst_ms: float
    mean_ms: float
    count: int


@dataclass(frozen=True, slots=True)
class StateWords:
    """A state for people: one word with its colour, why it is so, and what to do about it."""

    word: str
    tone: Tone
    sentence: str
    remedy: str
