"""Keeps one person, or all at once, from using a bot up. Counted in memory, per runner and bot."""

from collections import deque
from typing import Final

from socialcube.domain.commands.errors import TooBusyError, TooFastError
from socialcube.kernel.clock import Clock

RUNS_PER_PERSON: Final = 5
WINDOW_SECONDS: Final = 10.0
RUNS_AT_ONCE: Final = 20


class Gate:
    """Admits the runs of one bot.

    Args:
        clock: its monotonic time decides; the wall clock may jump.
    """

    def __init__(
        self,
        clock: Clock,
        *,
        runs_per_person: int = RUNS_PER_PERSON,
        window_seconds: float = WINDOW_SECONDS,
        runs_at_once: int = RUNS_AT_ONCE,
    ) -> None:
        self._clock = clock
        self._runs_per_person = runs_per_person
        self._window = window_seconds
        self._runs_at_once = runs_at_once
        self._running = 0
        self._starts: dict[int, deque[float]] = {}
        self._swept_at = clock.monotonic()

    def enter(self, person_id: int) -> None:
        """Let a run begin. Whoever was let in calls `leave` at the end.

        A refused try counts for nothing, so waiting for the window always helps.

        Raises:
            TooFastError: the person began too many runs within the window.
            TooBusyError: too many runs have not ended yet.
        """
        now = self._clock.monotonic()
        self._sweep(now)
        starts = self._starts.get(person_id, deque())
        while starts and starts[0] <= now - self._window:
            starts.popleft()
        if len(starts) >= self._runs_per_person:
            raise TooFastError(runs=self._runs_per_person, seconds=self._window)
        if self._running >= self._runs_at_once:
            raise TooBusyError(runs=self._runs_at_once)
        starts.append(now)
        self._starts[person_id] = starts
        self._running += 1

    def leave(self) -> None:
        """Note that a run which was let in has ended."""
        self._running -= 1

    def _sweep(self, now: float) -> None:
        """Forget people whose window is over, once a window, so that memory follows the present use."""
        if now - self._swept_at < self._window:
            return
        self._swept_at = now
        self._starts = {
            person_id: starts for person_id, starts in self._starts.items() if starts[-1] > now - self._window
        }
