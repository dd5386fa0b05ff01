"""What checking an API key costs a request, in microseconds: from the header's text to the one who acts."""

import time
from functools import partial
from statistics import median
from uuid import UUID

from bench.pairs import Pair, compare
from socialcube.domain.access.types import Actor, Permission
from socialcube.domain.api_keys.policy import writing
from socialcube.domain.api_keys.registry import KeyRegistry
from socialcube.domain.api_keys.types import ApiKeyView, KeyRecord
from socialcube.kernel.clock import SystemClock
from socialcube.kernel.secrets import Secret
from socialcube.kernel.signing import SigningKeys
from tests.fakes.clock import START

CALLS = 5_000
TARGET_MICROSECONDS = 50.0


def measure() -> Pair:
    """Measure a check against the most that it may take; the reads of the database are in the note."""
    reads: list[str] = []
    peppers = SigningKeys([Secret("p" * 48)], "bench")
    key, record = _make(peppers)

    def load(public_id: str) -> KeyRecord | None:
        reads.append(public_id)
        return record

    registry = KeyRegistry(load, peppers, SystemClock())
    started = time.perf_counter()
    pair = compare(
        "P6 check of an API key, µs",
        partial(_microseconds, registry, key),
        lambda: TARGET_MICROSECONDS,
        target="<= 1.0",
    )
    seconds = time.perf_counter() - started
    assert len(reads) <= seconds / 1.5 + 1, "a key was looked up more often than once in a second and a half"
    note = f"{pair.note}; raw is the limit; {len(reads)} reads in {seconds:.1f} s"
    return Pair(pair.name, pair.ours, pair.raw, pair.ratios, pair.target, note)


def _microseconds(registry: KeyRegistry, key: str) -> float:
    times = []
    for _ in range(CALLS):
        started = time.perf_counter_ns()
        registry.verify(key)
        times.append((time.perf_counter_ns() - started) / 1000)
    return median(times)


def _make(peppers: SigningKeys) -> tuple[str, KeyRecord]:
    public_id = writing.make_public_id()
    key = writing.make_key(public_id).reveal()
    view = ApiKeyView(
        id=UUID(int=1),
        public_id=public_id,
        name="bench",
        user_id=UUID(int=2),
        scopes=frozenset({Permission.LOG_VIEW}),
        bot_ids=None,
        created_at=START,
        expires_at=START.replace(year=START.year + 50),
        revoked_at=None,
        previous_ends_at=None,
        last_used_at=None,
        last_address="",
    )
    actor = Actor.key(view.id, frozenset({Permission.LOG_VIEW}), {})
    digest = writing.digest(peppers, key)
    return key, KeyRecord(view, digest, "", actor, is_orphaned=False, places=frozenset())


if __name__ == "__main__":
    found = measure()
    print(f"{found.name}: {found.ours:.1f} of {found.raw:.0f}; {found.note}")
