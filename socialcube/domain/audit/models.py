"""The audit table. Rows are only ever added."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import BigInteger, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from socialcube.db.base import Base
from socialcube.db.partitions import BY_DAY
from socialcube.db.stream_ids import StreamIds
from socialcube.db.types import JSONValue


class AuditLog(Base):
    """One change, its actor, and what it changed."""

    __tablename__ = "audit_logs"
    __table_args__ = (
        UniqueConstraint("occurred_at", "event_id"),
        Index(None, "id"),
        Index(None, "bot_id", "id"),
        # PostgreSQL needs the partition key in every unique key, so the moment leads.
        BY_DAY,
    )
    __mapper_args__ = {"primary_key": ["id"]}  # noqa: RUF012 - SQLAlchemy's own form

    occurred_at: Mapped[datetime] = mapped_column(primary_key=True)
    id: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    event_id: Mapped[UUID]
    actor: Mapped[str] = mapped_column(String(80))
    action: Mapped[str] = mapped_column(String(64))
    subject_kind: Mapped[str] = mapped_column(String(32))
    subject_id: Mapped[str] = mapped_column(String(64))
    bot_id: Mapped[UUID | None]
    before: Mapped[dict[str, object] | None] = mapped_column(JSONValue)
    after: Mapped[dict[str, object] | None] = mapped_column(JSONValue)
    request_id: Mapped[str | None] = mapped_column(String(64))
    address: Mapped[str | None] = mapped_column(String(64))


IDS = StreamIds(AuditLog.__tablename__)
