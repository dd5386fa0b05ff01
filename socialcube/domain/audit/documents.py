"""What a reader of the audit log asks for, as it stands in an address or an export."""

from datetime import datetime
from typing import Final, Self
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from socialcube.domain.access.types import Scope

_UUID: Final = "[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}"


class AuditFilter(BaseModel):
    """Which entries.

    Attributes:
        text: a part of who, what, to what, from where, or of what changed, in any case of letters.
        who: `user:<id>` for what a person did and had done to them; or a kind of actor, like `cli`.
        action: exactly this one.
        subject_kind: exactly this kind of thing.
        address: it begins with this.
        after, before: from this moment on, and until just before that one.
        bot_ids: entries of these bots only.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    text: str = Field(default="", max_length=200)
    who: str | None = Field(default=None, pattern=f"^(user:{_UUID}|cli|fleet|key|system)$")
    action: str | None = Field(default=None, max_length=64)
    subject_kind: str | None = Field(default=None, max_length=32)
    address: str | None = Field(default=None, max_length=64)
    after: datetime | None = None
    before: datetime | None = None
    bot_ids: frozenset[UUID] | None = None

    def within(self, scope: Scope) -> Self:
        """Keep to the bots of a scope."""
        if scope.is_all:
            return self
        wanted = scope.bot_ids if self.bot_ids is None else self.bot_ids & scope.bot_ids
        return self.model_copy(update={"bot_ids": wanted})
