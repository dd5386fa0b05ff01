"""Tables of ownership: runners, leases on shards, what both spend, and gateway sessions."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from socialcube.db.base import Base, OwnKey
from socialcube.db.types import Snowflake


class Runner(OwnKey, Base):
    """A living `bots` process. `lock_path` is free as soon as the kernel ends it.

    `seen_at` changes each time it says that it lives: the others watch whether it does, and believe no clock.
    `address` names where its calls to the platform come from, `max_bots` how many shards it takes at most.
    """

    __tablename__ = "runners"

    host: Mapped[str] = mapped_column(String(255))
    pid: Mapped[int]
    lock_path: Mapped[str] = mapped_column(String(1024))
    address: Mapped[str] = mapped_column(String(255), default="")
    max_bots: Mapped[int] = mapped_column(default=500)
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)


class Placement(Base):
    """A lease: this runner alone speaks for this shard of the bot.

    `shard_count` is with how many shards the owner runs the bot. `started_generation` is the newest wish
    for which a session of this shard was started.
    """

    __tablename__ = "placements"

    bot_id: Mapped[UUID] = mapped_column(ForeignKey("bots.id", ondelete="CASCADE"), primary_key=True)
    shard: Mapped[int] = mapped_column(primary_key=True, default=0)
    runner_id: Mapped[UUID | None] = mapped_column(index=True)
    epoch: Mapped[int] = mapped_column(BigInteger, default=0)
    shard_count: Mapped[int] = mapped_column(default=1)
    started_generation: Mapped[int] = mapped_column(default=0)


class SessionStart(Base):
    """Session starts spent by a bot in one hour. When none of a day's are left, Discord resets the token.

    `total` is how many of them it allowed the bot in 24 hours, as it said last within that hour.
    """

    __tablename__ = "session_starts"

    bot_id: Mapped[UUID] = mapped_column(ForeignKey("bots.id", ondelete="CASCADE"), primary_key=True)
    hour: Mapped[datetime] = mapped_column(primary_key=True)
    used: Mapped[int] = mapped_column(default=0)
    total: Mapped[int | None]


class StartSlot(Base):
    """When the next session may be started: of one bot's bucket, or of the whole fleet.

    `taken_at` is when the last turn was given out. If that lies ahead, the clock was set back since.
    """

    __tablename__ = "start_slots"

    key: Mapped[str] = mapped_column(String(80), primary_key=True)
    next_at: Mapped[datetime]
    taken_at: Mapped[datetime | None]


class InvalidAnswer(Base):
    """Answers 401, 403 and 429 that a bot got within one minute, by the address that it called from."""

    __tablename__ = "invalid_answers"

    address: Mapped[str] = mapped_column(String(255), primary_key=True)
    minute: Mapped[datetime] = mapped_column(primary_key=True)
    bot_id: Mapped[UUID] = mapped_column(primary_key=True)
    count: Mapped[int]


class GatewaySession(Base):
    """What the next runner of a shard needs to go on where the last one stopped.

    `epoch` is that of the lease under which it was seen: a runner that lost the shard changes nothing here.
    """

    __tablename__ = "gateway_sessions"

    bot_id: Mapped[UUID] = mapped_column(ForeignKey("bots.id", ondelete="CASCADE"), primary_key=True)
    shard: Mapped[int] = mapped_column(primary_key=True)
    epoch: Mapped[int] = mapped_column(BigInteger)
    generation: Mapped[int]
    shard_count: Mapped[int]
    intents: Mapped[int] = mapped_column(BigInteger)
    session_id: Mapped[str] = mapped_column(Text)
    sequence: Mapped[int] = mapped_column(BigInteger)
    url: Mapped[str] = mapped_column(Text)
    application_id: Mapped[int] = mapped_column(Snowflake)
    saved_at: Mapped[datetime]
