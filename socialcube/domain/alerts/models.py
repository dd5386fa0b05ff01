"""Tables of alerts, of the channels that tell of them, and of the messages between the two."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from socialcube.db.base import Base, OwnKey, Timestamps
from socialcube.domain.alerts.types import MessageState


class AlertChannel(OwnKey, Timestamps, Base):
    """A way to tell people, of one bot or of all. Its address is sealed to this row."""

    __tablename__ = "alert_channels"

    bot_id: Mapped[UUID | None] = mapped_column(ForeignKey("bots.id", ondelete="CASCADE"), index=True)
    name: Mapped[str] = mapped_column(String(60))
    kind: Mapped[str] = mapped_column(String(16))
    sealed_address: Mapped[str] = mapped_column(Text)
    shown: Mapped[str] = mapped_column(String(300))
    is_on: Mapped[bool] = mapped_column(default=True)
    problem: Mapped[str] = mapped_column(Text, default="")
    made_by: Mapped[str] = mapped_column(String(80))
    last_sent_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column(default=1)

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class Alert(OwnKey, Base):
    """A trouble of a bot, from when it was first seen to when it was over. A bot has one open at most."""

    __tablename__ = "alerts"
    __table_args__ = (
        Index(
            "uq_alerts_open",
            "bot_id",
            unique=True,
            postgresql_where=text("ended_at IS NULL"),
            sqlite_where=text("ended_at IS NULL"),
        ),
        Index("ix_alerts_bot_id", "bot_id"),
        Index("ix_alerts_began_at", "began_at"),
    )

    bot_id: Mapped[UUID] = mapped_column(ForeignKey("bots.id", ondelete="CASCADE"))
    bot_name: Mapped[str] = mapped_column(String(80))
    kind: Mapped[str] = mapped_column(String(16))
    sentence: Mapped[str] = mapped_column(Text, default="")
    remedy: Mapped[str] = mapped_column(Text, default="")
    began_at: Mapped[datetime]
    told_at: Mapped[datetime | None]
    calm_since: Mapped[datetime | None]
    ended_at: Mapped[datetime | None]
    ending: Mapped[str | None] = mapped_column(String(16))


class AlertMessage(OwnKey, Base):
    """One piece of news for one channel. Whoever sends it takes it first, so that it is sent once."""

    __tablename__ = "alert_messages"
    __table_args__ = (
        UniqueConstraint("alert_id", "channel_id", "news"),
        Index("ix_alert_messages_state_due_at", "state", "due_at"),
    )

    alert_id: Mapped[UUID] = mapped_column(ForeignKey("alerts.id", ondelete="CASCADE"))
    channel_id: Mapped[UUID | None] = mapped_column(
        ForeignKey("alert_channels.id", ondelete="SET NULL"), index=True
    )
    channel_name: Mapped[str] = mapped_column(String(60))
    news: Mapped[str] = mapped_column(String(8))
    state: Mapped[str] = mapped_column(String(16), default=MessageState.WAITING)
    tries: Mapped[int] = mapped_column(default=0)
    problem: Mapped[str] = mapped_column(Text, default="")
    queued_at: Mapped[datetime]
    due_at: Mapped[datetime]
    claimed_at: Mapped[datetime | None]
    done_at: Mapped[datetime | None]
