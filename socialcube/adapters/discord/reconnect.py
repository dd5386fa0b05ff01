"""When and how to connect again: pure decisions, so that a bad night needs no real night to test."""

import random
from collections.abc import Callable
from typing import Final

from socialcube.adapters.backoff import backoff
from socialcube.domain.placements.types import ResumableSession
from socialcube.kernel.clock import Clock

_STABLE_SECONDS: Final = 20.0
_RESUME_TRIES: Final = 3
_ADDRESS_TRIES: Final = 2
_RESUME_CAP_SECONDS: Final = 4.0
_UNREACHABLE_CAP_SECONDS: Final = 60.0
_START_CAP_SECONDS: Final = 900.0


class ReconnectPlan:
    """Remembers how the last connections went and says how to go on.

    py-cord 2.8.1 resumes at the general address, at once and for ever: 577 times a second when the gateway
    closes right after HELLO. Here waits double, a session that cannot be resumed three times in a row is
    given up, and starts that lead to nothing are spread up to a quarter of an hour, since each costs one
    of a thousand a day.

    Args:
        clock: tells how long a connection stood.
        session: what another process left to resume, None to begin with a start.
        jitter: a number from 0 to 1 that spreads the bots of a runner.
    """

    def __init__(
        self,
        clock: Clock,
        session: ResumableSession | None = None,
        jitter: Callable[[], float] = random.random,
    ) -> None:
        self._clock = clock
        self._jitter = jitter
        self._session = session
        self._up_since: float | None = None
        self._failures = 0
        self._vain_tries = 0
        self._unreached = 0
        self._flaps = 0
        self._barren_starts = 0

    @property
    def session(self) -> ResumableSession | None:
        """Give what to resume, or None when a session must be started."""
        return self._session

    @property
    def trusts_address(self) -> bool:
        """Tell whether to resume at the session's own address: it may be gone with a machine of Discord's."""
        return self._unreached < _ADDRESS_TRIES

    def came_up(self) -> None:
        """Note READY or RESUMED."""
        self._up_since = self._clock.monotonic()
        self._failures = self._vain_tries = self._unreached = 0

    def went_down(self, session: ResumableSession | None, *, reached: bool = True) -> float:
        """Note that the connection is gone. Gives the seconds to wait before the next.

        Args:
            session: what can be resumed, None when the platform ended the session.
            reached: whether the gateway was reached at all. A session that merely could not be tried is kept.
        """
        stood = 0.0 if self._up_since is None else self._clock.monotonic() - self._up_since
        if self._up_since is None:
            self._failures += 1
            self._vain_tries += reached
            self._unreached += not reached
        elif stood >= _STABLE_SECONDS:
            self._flaps = self._barren_starts = 0
        else:
            self._flaps += 1
        self._up_since = None
        self._session = session if self._vain_tries < _RESUME_TRIES else None
        return self._pause()

    def _pause(self) -> float:
        unreachable = backoff(self._failures, base=1.0, cap=_UNREACHABLE_CAP_SECONDS, jitter=self._jitter)
        if self._session is not None:
            return max(
                unreachable, backoff(self._flaps - 1, base=0.25, cap=_RESUME_CAP_SECONDS, jitter=self._jitter)
            )
        # After an invalidated session Discord asks for a random wait of one to five seconds.
        asked = 1.0 + 4.0 * self._jitter()
        self._barren_starts += 1
        starts = backoff(self._barren_starts - 1, base=5.0, cap=_START_CAP_SECONDS, jitter=self._jitter)
        return max(unreachable, asked, starts)
