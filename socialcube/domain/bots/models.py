"""Tables of bots: what is wanted (`bots`) and what was seen (`bot_states`, `shard_states`, `bot_samples`)."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from socialcube.db.base import Base, OwnKey, Timestamps
from socialcube.db.types import JSONValue, Snowflake
from socialcube.domain.bots.types import DesiredState, GatewayState, Platform, ProcessState


class Bot(OwnKey, Timestamps, Base):
    """A bot and what its owner wants of it.

    `generation` grows with every start, restart and new token. A runner that stopped a bot on
    purpose notes the generation it gave up on, so that only a new wish makes it try again.
    `leaked_fingerprint` is of the token that was reported as leaked last: it is never taken again. Tokens
    of old releases were stored without a fingerprint; their runner fills it in.
    `platform_name`, `avatar` and `banner` are what the platform shows; `name` and `description` are ours.
    `interactions_url` is where the platform sends its commands instead of to us, empty as it should be.
    """

    __tablename__ = "bots"
    __table_args__ = (UniqueConstraint("platform", "external_id"),)

    platform: Mapped[str] = mapped_column(String(16), default=Platform.DISCORD)
    external_id: Mapped[int] = mapped_column(Snowflake)
    name: Mapped[str] = mapped_column(String(80))
    description: Mapped[str] = mapped_column(Text, default="")
    platform_name: Mapped[str] = mapped_column(String(80), default="")
    avatar: Mapped[str | None] = mapped_column(String(64))
    banner: Mapped[str | None] = mapped_column(String(64))
    presence: Mapped[dict[str, str | None] | None] = mapped_column(JSONValue)
    interactions_url: Mapped[str] = mapped_column(Text, default="")
    sealed_token: Mapped[str | None] = mapped_column(Text)
    token_last4: Mapped[str] = mapped_column(String(4), default="")
    token_fingerprint: Mapped[str] = mapped_column(String(16), default="")
    leaked_fingerprint: Mapped[str] = mapped_column(String(16), default="")
    intents: Mapped[int] = mapped_column(BigInteger, default=1)
    desired_state: Mapped[str] = mapped_column(String(16), default=DesiredState.STOPPED)
    generation: Mapped[int] = mapped_column(default=1)
    shard_count: Mapped[int] = mapped_column(default=1)
    version: Mapped[int] = mapped_column(default=1)
    deleted_at: Mapped[datetime | None]
    deleted_by: Mapped[str] = mapped_column(String(80), default="")

    tags: Mapped[list["BotTag"]] = relationship(
        cascade="all, delete-orphan", order_by="BotTag.tag", lazy="selectin"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class BotTag(Base):
    """A free word by which people find and choose bots."""

    __tablename__ = "bot_tags"

    bot_id: Mapped[UUID] = mapped_column(ForeignKey("bots.id", ondelete="CASCADE"), primary_key=True)
    tag: Mapped[str] = mapped_column(String(32), primary_key=True, index=True)


class BotState(Base):
    """What was last seen of a bot. Written by the owner of its lease only.

    Of many shards it is what `policy.combine` says of them, and `epoch` is of the lease on shard 0.
    """

    __tablename__ = "bot_states"

    bot_id: Mapped[UUID] = mapped_column(ForeignKey("bots.id", ondelete="CASCADE"), primary_key=True)
    process: Mapped[str] = mapped_column(String(16), default=ProcessState.STOPPED)
    gateway: Mapped[str] = mapped_column(String(16), default=GatewayState.DISCONNECTED)
    reason: Mapped[str | None] = mapped_column(String(32))
    sentence: Mapped[str] = mapped_column(Text, default="")
    remedy: Mapped[str] = mapped_column(Text, default="")
    held_generation: Mapped[int | None]
    runner_id: Mapped[UUID | None]
    epoch: Mapped[int] = mapped_column(BigInteger, default=0)
    latency_ms: Mapped[float | None]
    guild_count: Mapped[int | None]
    starts_left: Mapped[int | None]
    commands_digest: Mapped[str | None] = mapped_column(String(64))
    commands_synced_at: Mapped[datetime | None]
    commands_problem: Mapped[str] = mapped_column(Text, default="")
    connected_at: Mapped[datetime | None]
    last_event_at: Mapped[datetime | None]
    last_ack_at: Mapped[datetime | None]
    last_rest_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]


class ShardState(Base):
    """What a runner last saw of one part of a bot that runs in several."""

    __tablename__ = "shard_states"

    bot_id: Mapped[UUID] = mapped_column(ForeignKey("bots.id", ondelete="CASCADE"), primary_key=True)
    shard: Mapped[int] = mapped_column(primary_key=True)
    epoch: Mapped[int] = mapped_column(BigInteger)
    process: Mapped[str] = mapped_column(String(16))
    gateway: Mapped[str] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(String(32))
    sentence: Mapped[str] = mapped_column(Text)
    remedy: Mapped[str] = mapped_column(Text)
    runner_id: Mapped[UUID | None]
    latency_ms: Mapped[float | None]
    guild_count: Mapped[int | None]
    starts_left: Mapped[int | None]
    connected_at: Mapped[datetime | None]
    last_event_at: Mapped[datetime | None]
    last_ack_at: Mapped[datetime | None]
    last_rest_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]


class BotSample(Base):
    """Round trips of a bot's heartbeats within five minutes, of all its shards together."""

    __tablename__ = "bot_samples"

    bot_id: Mapped[UUID] = mapped_column(primary_key=True)
    at: Mapped[datetime] = mapped_column(primary_key=True, index=True)
    worst_ms: Mapped[float]
    mean_ms: Mapped[float]
    count: Mapped[int]
