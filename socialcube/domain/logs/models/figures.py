"""Tables of figures. The fold alone writes them, each row of a stream counting once.

A bucket is a column and not an item of a list, so that the database itself can add them up.
"""

from datetime import datetime
from typing import Any, Final

from sqlalchemy import BigInteger, Column, Integer, String, Table, Uuid
from sqlalchemy.orm import Mapped, mapped_column

from socialcube.db.base import Base
from socialcube.db.types import UTCDateTime
from socialcube.domain.logs.types import BUCKETS_MS, Grain

COUNTS: Final = ("runs", "failed", "errors", *(f"bucket_{number}" for number in range(len(BUCKETS_MS) + 1)))
"""Columns that are added up, in the order of the attributes of `Figures`."""


def _figures(name: str, *further_key: Column[Any]) -> Table:
    return Table(
        name,
        Base.metadata,
        Column("starts_at", UTCDateTime, primary_key=True),
        Column("bot_id", Uuid, primary_key=True),
        *further_key,
        *(Column(count, Integer, nullable=False) for count in COUNTS),
    )


FIGURES: Final = {Grain.MINUTE: _figures("bot_minutes"), Grain.HOUR: _figures("bot_hours")}
"""What happened to each bot, and to the site as `NO_BOT`, by the length of the stretch."""

COMMAND_HOURS: Final = _figures("command_hours", Column("command_name", String(100), primary_key=True))
"""What happened to each command in each hour. Error rows name no command, so those count as none here."""


class FoldCursor(Base):
    """How far a stream is counted: rows up to this id are in the figures, later ones are not."""

    __tablename__ = "fold_cursors"

    stream: Mapped[str] = mapped_column(String(16), primary_key=True)
    last_id: Mapped[int] = mapped_column(BigInteger)
    moved_at: Mapped[datetime]
