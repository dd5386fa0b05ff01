"""Counts the answers for which a platform blocks a whole address."""

from collections import Counter, deque
from collections.abc import Mapping
from typing import Final
from uuid import UUID

from socialcube.domain.placements.policy import INVALID_LIMIT
from socialcube.kernel.clock import Clock

_WINDOW_SECONDS: Final = 600.0
_INVALID: Final = frozenset({401, 403, 429})
_NEARLY: Final = 1.8


class InvalidAnswers:
    """Counts what Discord counts: 10,000 answers of 401, 403 or 429 in ten minutes block an address.

    Calls of our own accord pause at half of that, and answers to people at nine tenths (documentation of rate
    limits). The runners behind an address tell each other through the database; between two looks there,
    or without it, each goes by what it has seen itself.

    Args:
        clock: measures the window.
        limit: answers at which calls pause.
    """

    def __init__(self, clock: Clock, limit: int = INVALID_LIMIT) -> None:
        self._clock = clock
        self._limit = limit
        self._moments: deque[float] = deque()
        self._unreported: Counter[UUID] = Counter()
        self._known_total = 0
        self._known_until = float("-inf")
        self._since = 0

    def note(self, status: int, bot_id: UUID | None = None, *, shared: bool = False) -> None:
        """Note an answer. A 429 of scope `shared` does not count.

        Args:
            status: of the answer.
            bot_id: the bot that asked.
            shared: whether others had used up the limit.
        """
        if status not in _INVALID or shared:
            return
        self._moments.append(self._clock.monotonic())
        self._since += 1
        if bot_id is not None:
            self._unreported[bot_id] += 1

    def take(self) -> dict[UUID, int]:
        """Take what each bot caused since this was asked last, to be told to the other runners."""
        taken, self._unreported = self._unreported, Counter()
        self._since = 0
        return dict(taken)

    def put_back(self, counts: Mapping[UUID, int]) -> None:
        """Keep what could not be told."""
        self._unreported.update(counts)

    def learn(self, total: int) -> None:
        """Take what all runners behind the address caused within the window, by what they told."""
        self._known_total = total
        self._known_until = self._clock.monotonic() + _WINDOW_SECONDS

    @property
    def too_many(self) -> bool:
        """Tell whether calls of our own accord must pause."""
        return self._count() >= self._limit

    @property
    def nearly_blocked(self) -> bool:
        """Tell whether even answers to people must pause."""
        return self._count() >= self._limit * _NEARLY

    def _count(self) -> int:
        now = self._clock.monotonic()
        while self._moments and self._moments[0] < now - _WINDOW_SECONDS:
            self._moments.popleft()
        known = self._known_total + self._since if now < self._known_until else 0
        return max(len(self._moments), known)
