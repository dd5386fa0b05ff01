"""Tables of commands: drafts with their options, published versions, and what we registered."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, String, Text, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from socialcube.db.base import Base, OwnKey, Timestamps
from socialcube.db.types import JSONValue, Snowflake


class Command(OwnKey, Timestamps, Base):
    """A command: its draft, whether it is on, and which version is live where.

    `document` holds what has no column of its own: the steps and the settings of the draft. `digest` is
    that of the whole draft, so that a list can tell it from what is published.
    `published_guild_id` None means live in every server of the bot.
    """

    __tablename__ = "commands"
    __table_args__ = (UniqueConstraint("bot_id", "name"),)

    bot_id: Mapped[UUID] = mapped_column(ForeignKey("bots.id", ondelete="CASCADE"))
    name: Mapped[str] = mapped_column(String(32))
    description: Mapped[str] = mapped_column(String(100))
    document: Mapped[dict[str, object]] = mapped_column(JSONValue)
    digest: Mapped[str] = mapped_column(String(64))
    is_active: Mapped[bool] = mapped_column(default=True)
    published_version: Mapped[int | None]
    published_guild_id: Mapped[int | None] = mapped_column(Snowflake)
    version: Mapped[int] = mapped_column(default=1)

    options: Mapped[list["CommandOption"]] = relationship(
        cascade="all, delete-orphan", order_by="CommandOption.position", lazy="selectin"
    )

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012 - SQLAlchemy's own form


class CommandOption(OwnKey, Base):
    """One typed field of the draft."""

    __tablename__ = "command_options"
    __table_args__ = (UniqueConstraint("command_id", "name"),)

    command_id: Mapped[UUID] = mapped_column(ForeignKey("commands.id", ondelete="CASCADE"))
    position: Mapped[int]
    name: Mapped[str] = mapped_column(String(32))
    type: Mapped[str] = mapped_column(String(16))
    description: Mapped[str] = mapped_column(String(100))
    required: Mapped[bool] = mapped_column(default=False)
    rules: Mapped[dict[str, object]] = mapped_column(JSONValue, default=dict)


class CommandVersion(OwnKey, Base):
    """A published document. Never changed afterwards.

    `needs` is what its actions have to be allowed in a server, as permission bits of the platform.
    """

    __tablename__ = "command_versions"
    __table_args__ = (UniqueConstraint("command_id", "number"),)

    command_id: Mapped[UUID] = mapped_column(ForeignKey("commands.id", ondelete="CASCADE"))
    number: Mapped[int]
    document: Mapped[dict[str, object]] = mapped_column(JSONValue)
    digest: Mapped[str] = mapped_column(String(64))
    needs: Mapped[int] = mapped_column(BigInteger, default=0)
    note: Mapped[str] = mapped_column(Text, default="")
    published_by: Mapped[str] = mapped_column(String(80))
    published_at: Mapped[datetime]


class CommandRegistration(OwnKey, Base):
    """A command that *we* made at the platform. Only these are ever changed or deleted there.

    The row is written before the platform is asked: `external_id` None means that the answer was
    not recorded, so a command of this name and digest that turns up there is ours after a crash too.
    """

    __tablename__ = "command_registrations"
    __table_args__ = (UniqueConstraint("bot_id", "external_id"),)

    bot_id: Mapped[UUID] = mapped_column(ForeignKey("bots.id", ondelete="CASCADE"))
    external_id: Mapped[int | None] = mapped_column(Snowflake)
    guild_id: Mapped[int | None] = mapped_column(Snowflake)
    name: Mapped[str] = mapped_column(String(32))
    digest: Mapped[str] = mapped_column(String(64))
    registered_at: Mapped[datetime]


class CommandCreates(Base):
    """How many commands were created for a bot in one hour of one place, for the platform's limit of a day.

    `place` is the platform's id of the server, 0 for everywhere: a part of a key cannot be NULL. Each is
    counted before the platform is asked, so that no crash forgets one.
    """

    __tablename__ = "command_creates"

    bot_id: Mapped[UUID] = mapped_column(ForeignKey("bots.id", ondelete="CASCADE"), primary_key=True)
    place: Mapped[int] = mapped_column(Snowflake, primary_key=True, autoincrement=False)
    hour: Mapped[datetime] = mapped_column(primary_key=True)
    count: Mapped[int]


class CommandLookRow(Base):
    """What a runner found when it last compared a bot's commands at the platform with what is published."""

    __tablename__ = "command_looks"

    bot_id: Mapped[UUID] = mapped_column(ForeignKey("bots.id", ondelete="CASCADE"), primary_key=True)
    looked_at: Mapped[datetime]
    differs: Mapped[int]
    digest: Mapped[str] = mapped_column(String(64))
    plan: Mapped[dict[str, object]] = mapped_column(JSONValue)
