"""Table of the secrets of bots."""

from uuid import UUID

from sqlalchemy import ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from socialcube.db.base import Base, OwnKey, Timestamps


class BotSecret(OwnKey, Timestamps, Base):
    """One secret. Its value is sealed to this row, and to the bot, name and host that stand in it."""

    __tablename__ = "bot_secrets"
    __table_args__ = (UniqueConstraint("bot_id", "name"),)

    bot_id: Mapped[UUID] = mapped_column(ForeignKey("bots.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(32))
    host: Mapped[str] = mapped_column(String(253))
    sealed_value: Mapped[str] = mapped_column(Text)
    set_by: Mapped[str] = mapped_column(String(80))
