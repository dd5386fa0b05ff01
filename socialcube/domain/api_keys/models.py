"""The table of API keys."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from socialcube.db.base import Base, OwnKey


class ApiKey(OwnKey, Base):
    """A key for a program. Its secret is stored nowhere, only what a pepper and the secret make together.

    After a rotation the secret before works until `previous_ends_at`, so that nothing has to be changed
    everywhere at one moment. `bot_ids` None means all bots that its maker may make keys for.
    """

    __tablename__ = "api_keys"
    __table_args__ = (UniqueConstraint("public_id"), Index(None, "user_id"))

    public_id: Mapped[str] = mapped_column(String(8))
    name: Mapped[str] = mapped_column(String(80))
    user_id: Mapped[UUID] = mapped_column(ForeignKey("users.id", ondelete="CASCADE"))
    scopes: Mapped[list[object]]
    bot_ids: Mapped[list[object] | None]
    digest: Mapped[str] = mapped_column(String(80))
    previous_digest: Mapped[str] = mapped_column(String(80), default="")
    previous_ends_at: Mapped[datetime | None]
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime]
    revoked_at: Mapped[datetime | None]
    last_used_at: Mapped[datetime | None]
    last_address: Mapped[str] = mapped_column(String(64), default="")
    places: Mapped[list[object]]
