"""Words about the audit log."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One change as it was recorded.

    Attributes:
        id: the higher, the later its commit.
        actor: as `str(actor)`, like `user:<id>` or `cli:root`.
        action: what was done, like `bot.start`; `access.denied` when it was not allowed.
        before, after: what changed, redacted; None when there is nothing to say.
        request_id, address: of the web request, None outside the web.
    """

    id: int
    event_id: UUID
    occurred_at: datetime
    actor: str
    action: str
    subject_kind: str
    subject_id: str
    bot_id: UUID | None
    before: dict[str, object] | None
    after: dict[str, object] | None
    request_id: str | None
    address: str | None
