"""The table of which bots were online when."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger
from sqlalchemy.orm import Mapped, mapped_column

from socialcube.db.base import Base


class OnlineHour(Base):
    """In which minutes of an hour a bot was seen online; one never seen so has no row.

    The row of `NO_BOT` tells in which minutes anybody looked: the others are unknown, not offline.

    Attributes:
        minutes: bit 0 for the hour's first minute, bit 59 for its last; a second look changes nothing.
        count: how many bits that are, so that the database can add up what it cannot count.
    """

    __tablename__ = "online_hours"

    starts_at: Mapped[datetime] = mapped_column(primary_key=True)
    bot_id: Mapped[UUID] = mapped_column(primary_key=True)
    minutes: Mapped[int] = mapped_column(BigInteger)
    count: Mapped[int]
