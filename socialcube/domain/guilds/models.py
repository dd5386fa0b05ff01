"""Tables of servers: as runners last saw them, and what people set for them."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from socialcube.db.base import Base, OwnKey
from socialcube.db.types import JSONValue, Snowflake


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
    """A bot's place in a server, and what it may do there.

    `channel_permissions` holds bits by the platform's id of a channel, where it may not do the same as in the
    whole server. `unavailable_at` is since when the platform cannot reach the server.
    """

    __tablename__ = "bot_guilds"

    bot_id: Mapped[UUID] = mapped_column(ForeignKey("bots.id", ondelete="CASCADE"), primary_key=True)
    guild_id: Mapped[UUID] = mapped_column(
        ForeignKey("guilds.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    permissions: Mapped[int] = mapped_column(BigInteger, default=0)
    channel_permissions: Mapped[dict[str, object]] = mapped_column(JSONValue, default=dict)
    joined_at: Mapped[datetime]
    left_at: Mapped[datetime | None]
    unavailable_at: Mapped[datetime | None]


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


class BotSettingForm(Base):
    """The fields that a bot's owner defines for the settings of its servers."""

    __tablename__ = "bot_setting_forms"

    bot_id: Mapped[UUID] = mapped_column(ForeignKey("bots.id", ondelete="CASCADE"), primary_key=True)
    fields: Mapped[list[object]] = mapped_column(JSONValue)
    version: Mapped[int]
    updated_at: Mapped[datetime]


class BotGuildSettings(Base):
    """What people set for one bot in one server. It outlives the bot's stay there."""

    __tablename__ = "guild_settings"

    bot_id: Mapped[UUID] = mapped_column(ForeignKey("bots.id", ondelete="CASCADE"), primary_key=True)
    guild_id: Mapped[UUID] = mapped_column(
        ForeignKey("guilds.id", ondelete="CASCADE"), primary_key=True, index=True
    )
    locale: Mapped[str] = mapped_column(String(16))
    time_zone: Mapped[str] = mapped_column(String(64))
    log_channel_id: Mapped[int | None] = mapped_column(Snowflake)
    disabled_commands: Mapped[list[object]] = mapped_column(JSONValue)
    values: Mapped[dict[str, object]] = mapped_column(JSONValue)
    version: Mapped[int]
    updated_at: Mapped[datetime]


class BotManagerRules(Base):
    """What a bot lets the managers of its servers do. A bot without a row lets them do nothing."""

    __tablename__ = "manager_rules"

    bot_id: Mapped[UUID] = mapped_column(ForeignKey("bots.id", ondelete="CASCADE"), primary_key=True)
    is_open: Mapped[bool]
    may_switch_commands: Mapped[bool]
    updated_at: Mapped[datetime]


class ManagerCheckRow(Base):
    """What the platform last said about a person in a server: it counts for minutes, and goes after weeks."""

    __tablename__ = "manager_checks"

    guild_id: Mapped[UUID] = mapped_column(ForeignKey("guilds.id", ondelete="CASCADE"), primary_key=True)
    user_external_id: Mapped[int] = mapped_column(
        Snowflake, primary_key=True, autoincrement=False, index=True
    )
    is_manager: Mapped[bool]
    checked_at: Mapped[datetime]
