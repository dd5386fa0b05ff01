"""The tables of the audit log. Rows are only ever added; what is personal in one may be taken out."""

from datetime import datetime
from typing import Final
from uuid import UUID

from sqlalchemy import BigInteger, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from socialcube.db.base import Base
from socialcube.db.partitions import BY_DAY
from socialcube.db.stream_ids import StreamIds
from socialcube.db.types import JSONValue

KEY_ID_LENGTH: Final = 16


class AuditLog(Base):
    """One change, its actor, what it changed, and its place in the chain.

    Rows from before the chain have no `number`. `personal` and `address` are outside of the chain: it holds
    their salted digests, so that they can be erased.
    """

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
    address_salt: Mapped[str | None] = mapped_column(String(32))
    address_digest: Mapped[str | None] = mapped_column(String(64))
    person_id: Mapped[UUID | None]
    personal: Mapped[dict[str, object] | None] = mapped_column(JSONValue)
    personal_salt: Mapped[str | None] = mapped_column(String(32))
    personal_digest: Mapped[str | None] = mapped_column(String(64))
    number: Mapped[int | None] = mapped_column(BigInteger)
    previous: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    digest: Mapped[bytes | None] = mapped_column(LargeBinary(32))
    key_id: Mapped[str | None] = mapped_column(String(KEY_ID_LENGTH))


class AuditPoint(Base):
    """A place of the chain that is remembered: its head, its start, what expired, what was anchored."""

    __tablename__ = "audit_points"

    kind: Mapped[str] = mapped_column(String(8), primary_key=True)
    first: Mapped[int] = mapped_column(BigInteger, primary_key=True, autoincrement=False)
    last: Mapped[int] = mapped_column(BigInteger)
    row_id: Mapped[int] = mapped_column(BigInteger)
    digest: Mapped[bytes] = mapped_column(LargeBinary(32))
    key_id: Mapped[str] = mapped_column(String(KEY_ID_LENGTH))
    seal: Mapped[bytes] = mapped_column(LargeBinary(32))
    made_at: Mapped[datetime]


IDS = StreamIds(AuditLog.__tablename__)
