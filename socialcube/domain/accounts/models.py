"""Tables of people: who they are, their sessions, and what they were granted."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from socialcube.db.base import Base, OwnKey, Timestamps
from socialcube.db.types import Snowflake
from socialcube.domain.accounts.types import Theme


class User(OwnKey, Timestamps, Base):
    """A person. A grown `epoch` ends all sessions that were opened before."""

    __tablename__ = "users"
    __table_args__ = (UniqueConstraint("external_id"),)

    external_id: Mapped[int] = mapped_column(Snowflake)
    name: Mapped[str] = mapped_column(String(80))
    display_name: Mapped[str] = mapped_column(String(80), default="")
    avatar: Mapped[str | None] = mapped_column(String(64))
    is_disabled: Mapped[bool] = mapped_column(default=False)
    epoch: Mapped[int] = mapped_column(default=0)
    version: Mapped[int] = mapped_column(default=1)
    last_seen_at: Mapped[datetime | None]


class UserSession(OwnKey, Base):
    """A signed-in browser. It is the truth; what Redis holds is a copy."""

    __tablename__ = "user_sessions"
    __table_args__ = (UniqueConstraint("token_hash"), Index(None, "user_id"), Index(None, "expires_at"))

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    token_hash: Mapped[str] = mapped_column(String(64))
    epoch: Mapped[int]
    data: Mapped[dict[str, object]]
    address: Mapped[str] = mapped_column(String(64))
    agent: Mapped[str] = mapped_column(String(255))
    created_at: Mapped[datetime]
    signed_in_at: Mapped[datetime]
    last_seen_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class Role(OwnKey, Timestamps, Base):
    """A set of permissions that was named here. Built-in roles stand in the policy, not in this table."""

    __tablename__ = "roles"
    __table_args__ = (UniqueConstraint("name"),)

    name: Mapped[str] = mapped_column(String(40))
    description: Mapped[str] = mapped_column(String(200), default="")
    permissions: Mapped[list[object]]
    version: Mapped[int] = mapped_column(default=1)


class AccessGroup(OwnKey, Timestamps, Base):
    """Bots that are granted together. Tags are something else: everybody may set those."""

    __tablename__ = "access_groups"
    __table_args__ = (UniqueConstraint("name"),)

    name: Mapped[str] = mapped_column(String(60))
    description: Mapped[str] = mapped_column(String(200), default="")
    version: Mapped[int] = mapped_column(default=1)


class AccessGroupBot(Base):
    """A bot of a group. One bot may be in several."""

    __tablename__ = "access_group_bots"
    __table_args__ = (Index(None, "bot_id"),)

    group_id: Mapped[UUID] = mapped_column(
        ForeignKey("access_groups.id", ondelete="CASCADE"), primary_key=True
    )
    bot_id: Mapped[UUID] = mapped_column(ForeignKey("bots.id", ondelete="CASCADE"), primary_key=True)


class Grant(OwnKey, Base):
    """A role given to a person, on a bot, a group or the site. It names a built-in role or one of `roles`."""

    __tablename__ = "grants"
    __table_args__ = (
        CheckConstraint("(built_in IS NULL) <> (role_id IS NULL)", name="one_role"),
        CheckConstraint("bot_id IS NULL OR group_id IS NULL", name="one_place"),
        Index(None, "user_id"),
        Index(None, "role_id"),
        Index(None, "bot_id"),
        Index(None, "group_id"),
    )

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    built_in: Mapped[str | None] = mapped_column(String(16))
    role_id: Mapped[UUID | None] = mapped_column(ForeignKey("roles.id"))
    bot_id: Mapped[UUID | None] = mapped_column(ForeignKey("bots.id", ondelete="CASCADE"))
    group_id: Mapped[UUID | None] = mapped_column(ForeignKey("access_groups.id"))
    granted_by: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]


class UserPreferences(Base):
    """How a person wants the panel."""

    __tablename__ = "preferences"

    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"), primary_key=True)
    theme: Mapped[str] = mapped_column(String(16), default=Theme.SYSTEM)
    locale: Mapped[str] = mapped_column(String(16), default="")
    time_zone: Mapped[str] = mapped_column(String(64), default="")


class OneTimeCode(OwnKey, Base):
    """A code that nobody used yet: using one deletes it."""

    __tablename__ = "one_time_codes"
    __table_args__ = (UniqueConstraint("code_hash"),)

    kind: Mapped[str] = mapped_column(String(16))
    code_hash: Mapped[str] = mapped_column(String(64))
    user_id: Mapped[UUID | None] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]


class Invite(OwnKey, Base):
    """A link that nobody accepted yet: accepting or cancelling deletes it. It names a role as grants do."""

    __tablename__ = "invites"
    __table_args__ = (
        CheckConstraint("(built_in IS NULL) <> (role_id IS NULL)", name="one_role"),
        CheckConstraint("bot_id IS NULL OR group_id IS NULL", name="one_place"),
        UniqueConstraint("code_hash"),
        Index(None, "role_id"),
        Index(None, "bot_id"),
        Index(None, "group_id"),
        Index(None, "expires_at"),
    )

    code_hash: Mapped[str] = mapped_column(String(64))
    built_in: Mapped[str | None] = mapped_column(String(16))
    role_id: Mapped[UUID | None] = mapped_column(ForeignKey("roles.id", ondelete="CASCADE"))
    bot_id: Mapped[UUID | None] = mapped_column(ForeignKey("bots.id", ondelete="CASCADE"))
    group_id: Mapped[UUID | None] = mapped_column(ForeignKey("access_groups.id", ondelete="CASCADE"))
    note: Mapped[str] = mapped_column(String(80))
    made_by: Mapped[str] = mapped_column(String(80))
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
