"""Own keys: UUID version 7, known before the insert and sorted by creation."""

import os
import threading
import time
from uuid import UUID

_COUNTER_BITS = 12
_RANDOM_BITS = 62

_lock = threading.Lock()
_last_tick = 0


def new_id() -> UUID:
    """Make a UUIDv7 that is greater than every one this process made before.

    The 12 bits after the millisecond hold its fraction, counted up when two ids share it
    (RFC 9562, section 6.2, method 3).
    """
    global _last_tick  # noqa: PLW0603 - the order of ids is a property of the whole process
    with _lock:
        tick = (time.time_ns() << _COUNTER_BITS) // 1_000_000
        _last_tick = max(tick, _last_tick + 1)
        tick = _last_tick
    milliseconds, counter = divmod(tick, 1 << _COUNTER_BITS)
    random = int.from_bytes(os.urandom(8)) >> (64 - _RANDOM_BITS)
    return UUID(int=(milliseconds << 80) | (0x7 << 76) | (counter << 64) | (0b10 << 62) | random)


def read_id(ref: UUID | str) -> UUID | None:
    """Read a key that somebody wrote, None when it is none."""
    if isinstance(ref, UUID):
        return ref
    try:
        return UUID(ref)
    except ValueError:
        return None
