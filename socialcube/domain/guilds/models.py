"""Tables of servers as last seen. Runners write them; nobody edits them by hand."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from socialcube.db.base import Base, OwnKey
from socialcube.db.types import Snowflake


class Guild(OwnKey, Base):
    """A server."""

    __tablename__ = "guilds"
    __table_args__ = (UniqueConstraint("platform", "external_id"),)

    platform: Mapped[str] = mapped_column(String(16))
    external_id: Mapped[int] = mapped_column(Snowflake)
    name: Mapped[str] = mapped_column(String(100))
    icon: Mapped[str | None] = mapped_column(String(64))
    owner_external_id: Mapped[int | None] = mapped_column(Snowflake)
    seen_at: Mapped[datetime]


class BotGuild(Base):
    """A bot's place in a server, and what it may do there."""

    __tablename__ = "bot_guilds"

    bot_id: Mapped[UUID] = mapped_column(ForeignKey("bots.id", ondelete="CASCADE"), primary_key=True)
    guild_id: Mapped[UUID] = mapped_column(
        ForeignKey("guilds.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    permissions: Mapped[int] = mapped_column(BigInteger, default=0)
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]


class Channel(OwnKey, Base):
    """A channel of a server."""

    __tablename__ = "channels"
    __table_args__ = (UniqueConstraint("guild_id", "external_id"),)

    guild_id: Mapped[UUID] = mapped_column(ForeignKey("guilds.id", ondelete="CASCADE"))
    external_id: Mapped[int] = mapped_column(Snowflake)
    parent_external_id: Mapped[int | None] = mapped_column(Snowflake)
    name: Mapped[str] = mapped_column(String(100))
    kind: Mapped[int]
    position: Mapped[int] = mapped_column(default=0)


class GuildRole(OwnKey, Base):
    """A role of a server."""

    __tablename__ = "guild_roles"
    __table_args__ = (UniqueConstraint("guild_id", "external_id"),)

    guild_id: Mapped[UUID] = mapped_column(ForeignKey("guilds.id", ondelete="CASCADE"))
    external_id: Mapped[int] = mapped_column(Snowflake)
    name: Mapped[str] = mapped_column(String(100))
    colour: Mapped[int] = mapped_column(default=0)
    position: Mapped[int] = mapped_column(default=0)
    permissions: Mapped[int] = mapped_column(BigInteger, default=0)
    managed: Mapped[bool] = mapped_column(default=False)
