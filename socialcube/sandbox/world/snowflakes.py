"""Snowflakes: Discord's ids, which carry the time they were made."""

from datetime import UTC, datetime
from typing import Final

from socialcube.kernel.clock import Clock

# Discord docs, "Reference" > "Snowflakes": milliseconds since 2015 above 22 bits.
EPOCH_MS: Final = 1_420_070_400_000
_TIME_SHIFT: Final = 22
LARGEST: Final = (1 << 64) - 1


class SnowflakeFactory:
    """Makes ids that grow, even when the clock steps back."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._last = 0

    def make(self) -> int:
        """Give an id greater than every one made before, with the clock's time in it."""
        milliseconds = int(self._clock.now().timestamp() * 1000) - EPOCH_MS
        self._last = max(self._last + 1, milliseconds << _TIME_SHIFT)
        return self._last

    def skip_to(self, taken: int) -> None:
        """Never again give an id up to `taken`, for one that a state file brought along."""
        self._last = max(self._last, taken)


def made_at(snowflake: int) -> datetime:
    """Give the time inside a snowflake, aware and in UTC."""
    return datetime.fromtimestamp(((snowflake >> _TIME_SHIFT) + EPOCH_MS) / 1000, UTC)
