"""Checks keys against what this process remembers of them, for a moment and no longer."""

import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from socialcube.domain.api_keys.errors import (
    KeyExpiredError,
    KeyMalformedError,
    KeyOrphanedError,
    KeyRevokedError,
    KeyUnknownError,
)
from socialcube.domain.api_keys.policy import writing
from socialcube.domain.api_keys.types import KeyRecord, Proof
from socialcube.kernel.clock import Clock
from socialcube.kernel.signing import SigningKeys

REMEMBER_SECONDS: Final = 1.5
"""A revoked key, and a right taken from its maker, count everywhere after so long without any hint."""

MAX_REMEMBERED: Final = 2000
"""Keys that are remembered at once, and as many that do not exist. The oldest are forgotten first."""

Load = Callable[[str], KeyRecord | None]


@dataclass(frozen=True, slots=True)
class _Memory:
    record: KeyRecord | None
    until: float


class KeyRegistry:
    """The keys that were shown lately. Safe for threads.

    Args:
        load: reads a key by its public id from the database; None when there is none.
        peppers: keys are stored under the newest one, and open under each.
        clock: ends memories, and keys.
    """

    def __init__(self, load: Load, peppers: SigningKeys, clock: Clock) -> None:
        self.peppers = peppers
        self._load = load
        self._nobody = writing.digest(peppers, "")
        self._clock = clock
        self._lock = threading.Lock()
        self._known: dict[str, _Memory] = {}
        self._unknown: dict[str, _Memory] = {}

    def verify(self, key: str) -> Proof:
        """Check a key that somebody shows.

        Raises:
            KeyMalformedError: it is written like none; nothing was looked up.
            KeyUnknownError: there is no such key, or its secret is another one; both look alike.
            KeyRevokedError, KeyExpiredError, KeyOrphanedError: as they say, to who knows the secret.
        """
        public_id = writing.read_public_id(key)
        if public_id is None:
            raise KeyMalformedError
        proof = self._prove(key, self._find(public_id))
        view = proof.record.view
        if view.revoked_at is not None:
            raise KeyRevokedError
        if self._clock.now() >= view.expires_at:
            raise KeyExpiredError(ended=f"{view.expires_at:%Y-%m-%d %H:%M} UTC")
        if proof.record.is_orphaned:
            raise KeyOrphanedError
        return proof

    def look_up(self, public_id: str) -> KeyRecord | None:
        """Read a key as it is now, without anybody showing it. None when there is none."""
        return self._load(public_id)

    def forget(self, public_id: str) -> None:
        """Read a key again when it is shown next."""
        with self._lock:
            self._known.pop(public_id, None)
            self._unknown.pop(public_id, None)

    def forget_of(self, user_id: UUID) -> None:
        """Read all keys of a person again when they are shown next."""
        with self._lock:
            self._known = {
                public_id: memory
                for public_id, memory in self._known.items()
                if memory.record is None or memory.record.view.user_id != user_id
            }

    def _find(self, public_id: str) -> KeyRecord | None:
        memory = self._known.get(public_id) or self._unknown.get(public_id)
        now = self._clock.monotonic()
        if memory is not None and now < memory.until:
            return memory.record
        record = self._load(public_id)
        # The moment before the read counts: what changed while it went on must not be remembered longer.
        self._remember(public_id, _Memory(record, now + REMEMBER_SECONDS))
        return record

    def _remember(self, public_id: str, memory: _Memory) -> None:
        with self._lock:
            self._known.pop(public_id, None)
            self._unknown.pop(public_id, None)
            # Apart, so that whoever tries ids at random pushes out no key that is used.
            shelf = self._unknown if memory.record is None else self._known
            if len(shelf) >= MAX_REMEMBERED:
                del shelf[next(iter(shelf))]
            shelf[public_id] = memory

    def _prove(self, key: str, record: KeyRecord | None) -> Proof:
        stored = record.digest if record else self._nobody
        is_right = writing.matches(self.peppers, stored, key)
        if record is None:
            # As much work as for a key that exists, so that the time tells nothing.
            raise KeyUnknownError
        if is_right:
            is_current = writing.is_current(self.peppers, stored)
            return Proof(record, "" if is_current else writing.digest(self.peppers, key))
        ends_at = record.view.previous_ends_at
        is_in_time = ends_at is not None and self._clock.now() < ends_at
        if is_in_time and writing.matches(self.peppers, record.previous_digest, key):
            return Proof(record)
        raise KeyUnknownError
