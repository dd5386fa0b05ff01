"""Rate limits: one window per token, route and main object, and one per bot over everything."""

from dataclasses import dataclass
from typing import Final

from socialcube.kernel.clock import Clock

_MOST_WINDOWS: Final = 50_000


@dataclass(frozen=True, slots=True)
class Limit:
    """So many calls in so many seconds."""

    calls: int
    seconds: float


@dataclass(slots=True)
class Window:
    """A running window.

    Attributes:
        limit: what is allowed.
        ends: monotonic seconds when it starts again.
        used: calls so far.
    """

    limit: Limit
    ends: float
    used: int = 0

    @property
    def remaining(self) -> int:
        """Give how many calls are left."""
        return max(0, self.limit.calls - self.used)


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of one call against a window: was there room, and what the headers tell."""

    allowed: bool
    limit: int
    remaining: int
    reset_after: float


class Buckets:
    """Counts calls in fixed windows that begin with their first call, as Discord's do."""

    def __init__(self, clock: Clock) -> None:
        self._clock = clock
        self._windows: dict[str, Window] = {}

    def take(self, key: str, limit: Limit) -> Taken:
        """Count one call. A call without room is not counted."""
        now = self._clock.monotonic()
        window = self._windows.get(key)
        if window is None or window.ends <= now:
            self._drop_finished(now)
            window = self._windows[key] = Window(limit, now + limit.seconds)
        allowed = window.remaining > 0
        window.used += allowed
        return Taken(allowed, limit.calls, window.remaining, max(0.0, window.ends - now))

    def clear(self) -> None:
        """Start all windows again."""
        self._windows.clear()

    def _drop_finished(self, now: float) -> None:
        if len(self._windows) > _MOST_WINDOWS:
            self._windows = {key: window for key, window in self._windows.items() if window.ends > now}
