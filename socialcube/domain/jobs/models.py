"""Tables of asked work. They are the truth; brokers and hints only make it quicker."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import ForeignKey, Index, LargeBinary, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from socialcube.db.base import Base, OwnKey
from socialcube.db.types import JSONValue
from socialcube.domain.jobs.types import JobState


class Job(OwnKey, Base):
    """One piece of work, from the question to its answer."""

    __tablename__ = "jobs"
    __table_args__ = (Index(None, "state", "target"),)

    kind: Mapped[str] = mapped_column(String(64))
    target: Mapped[str] = mapped_column(String(48))
    state: Mapped[str] = mapped_column(String(16), default=JobState.QUEUED)
    payload: Mapped[dict[str, object]] = mapped_column(JSONValue)
    progress: Mapped[int] = mapped_column(default=0)
    result: Mapped[dict[str, object] | None] = mapped_column(JSONValue)
    problem: Mapped[str] = mapped_column(Text, default="")
    asked_by: Mapped[str] = mapped_column(String(80))
    bot_id: Mapped[UUID | None]
    attempts: Mapped[int] = mapped_column(default=0)
    claimed_by: Mapped[str | None] = mapped_column(String(80))
    created_at: Mapped[datetime]
    sent_at: Mapped[datetime | None]
    started_at: Mapped[datetime | None]
    finished_at: Mapped[datetime | None]
    claim_expires_at: Mapped[datetime | None]
    expires_at: Mapped[datetime]


class JobFile(Base):
    """A part of the file that a job leaves behind. In the database, since processes may share no disk."""

    __tablename__ = "job_files"

    job_id: Mapped[UUID] = mapped_column(ForeignKey("jobs.id", ondelete="CASCADE"), primary_key=True)
    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    data: Mapped[bytes] = mapped_column(LargeBinary)
