"""The table of settings that belong to the installation, not to a process."""

from typing import Any

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from socialcube.db.base import Base, Timestamps
from socialcube.db.types import JSONValue


class Setting(Timestamps, Base):
    """One named value."""

    __tablename__ = "settings"

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[Any] = mapped_column(JSONValue)
