"""Tables of ownership: runners, leases on bots, and the session starts spent."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from socialcube.db.base import Base, OwnKey


class Runner(OwnKey, Base):
    """A living `bots` process. `lock_path` is free as soon as the kernel ends it."""

    __tablename__ = "runners"

    host: Mapped[str] = mapped_column(String(255))
    pid: Mapped[int]
    lock_path: Mapped[str] = mapped_column(String(1024))
    started_at: Mapped[datetime]
    seen_at: Mapped[datetime] = mapped_column(index=True)


class Placement(Base):
    """A lease: this runner alone speaks for this shard of the bot, until then."""

    __tablename__ = "placements"

    bot_id: Mapped[UUID] = mapped_column(ForeignKey("bots.id", ondelete="CASCADE"), primary_key=True)
    shard: Mapped[int] = mapped_column(primary_key=True, default=0)
    runner_id: Mapped[UUID | None] = mapped_column(index=True)
    epoch: Mapped[int] = mapped_column(BigInteger, default=0)
    expires_at: Mapped[datetime | None]


class IdentifyBudget(Base):
    """Session starts spent by a bot in the current 24 hours. At 1,000 Discord resets the token."""

    __tablename__ = "identify_budget"

    bot_id: Mapped[UUID] = mapped_column(ForeignKey("bots.id", ondelete="CASCADE"), primary_key=True)
    window_started_at: Mapped[datetime]
    used: Mapped[int] = mapped_column(default=0)
