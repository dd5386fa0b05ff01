"""Words about API keys."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from uuid import UUID

from socialcube.domain.access.types import Actor, Permission

DEFAULT_LIFE: Final = timedelta(days=90)
MAX_LIFE: Final = timedelta(days=365)

DEFAULT_GRACE: Final = timedelta(hours=24)
MAX_GRACE: Final = timedelta(days=7)
"""How long the old secret goes on working after a new one was made."""

SEEN_EVERY: Final = timedelta(minutes=1)
"""How exactly we know when a key was last used; more exactly would cost a write per request."""

MAX_NAME_LENGTH: Final = 80
MAX_KEYS_OF_ONE: Final = 50
"""Keys that still work, of one person."""

MAX_ADDRESSES: Final = 20
"""Places from which a key was used that are remembered, the latest ones."""


class KeyState(StrEnum):
    """Whether a key opens anything."""

    LIVE = "live"
    EXPIRED = "expired"
    REVOKED = "revoked"


@dataclass(frozen=True, slots=True)
class ApiKeyView:
    """A key as people see it: never the secret, which was shown once and is stored nowhere.

    Attributes:
        public_id: the part of the key that may be seen, by which people tell keys apart.
        user_id: who made it, and whose rights it never exceeds.
        scopes: what it was made for.
        bot_ids: the bots it is limited to; None for all that its maker may make keys for.
        previous_ends_at: until when the secret before the last rotation works, None when none does.
        last_address: from where it was last used, empty when it never was.
    """

    id: UUID
    public_id: str
    name: str
    user_id: UUID
    scopes: frozenset[Permission]
    bot_ids: frozenset[UUID] | None
    created_at: datetime
    expires_at: datetime
    revoked_at: datetime | None
    previous_ends_at: datetime | None
    last_used_at: datetime | None
    last_address: str

    def state(self, now: datetime) -> KeyState:
        """Tell whether it opens anything at a moment."""
        if self.revoked_at is not None:
            return KeyState.REVOKED
        return KeyState.LIVE if now < self.expires_at else KeyState.EXPIRED


@dataclass(frozen=True, slots=True)
class KeyRecord:
    """What is needed to check a key and to act for it, as it was read at one moment.

    Attributes:
        digest: of the secret that was made last.
        previous_digest: of the one before, empty when there is none.
        actor: what the key may do: its scopes, on its bots, as far as its maker may the same now.
        is_orphaned: whether its maker may not sign in any more.
        places: from where it was used already.
    """

    view: ApiKeyView
    digest: str
    previous_digest: str
    actor: Actor
    is_orphaned: bool
    places: frozenset[str]


@dataclass(frozen=True, slots=True)
class Proof:
    """A key that was shown and found right.

    Attributes:
        renewed_digest: of its secret under today's pepper, when it was stored under an older one.
    """

    record: KeyRecord
    renewed_digest: str = ""
