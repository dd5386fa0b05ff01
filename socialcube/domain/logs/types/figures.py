"""What many rows come to: counts, and times in fixed buckets, since percentiles do not add up."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import accumulate
from typing import Final
from uuid import UUID

from socialcube.domain.logs.types.records import Stream

BUCKETS_MS: Final = (
    *(2.0, 5.0, 10.0, 15.0, 20.0, 30.0, 50.0, 75.0, 100.0, 150.0, 200.0, 300.0, 500.0, 750.0),
    *(1_000.0, 1_500.0, 2_000.0, 3_000.0, 5_000.0, 10_000.0, 30_000.0),
)
"""Upper bounds of the buckets, each included in its own. One more bucket takes what is slower still."""

NO_BOT: Final = UUID(int=0)
"""Stands for the site itself where a key cannot be empty."""


class Grain(StrEnum):
    """How long one figure's stretch of time is."""

    MINUTE = "minute"
    HOUR = "hour"


@dataclass(frozen=True, slots=True)
class Figures:
    """What happened in one stretch of time.

    Attributes:
        runs: uses of commands.
        failed: runs that failed or took too long. A refusal is no failure.
        errors: rows of the error log.
        buckets: runs by how long they took, one count for each of `BUCKETS_MS` and one for the rest.
    """

    runs: int = 0
    failed: int = 0
    errors: int = 0
    buckets: tuple[int, ...] = (0,) * (len(BUCKETS_MS) + 1)

    def __add__(self, other: "Figures") -> "Figures":
        return Figures(
            self.runs + other.runs,
            self.failed + other.failed,
            self.errors + other.errors,
            tuple(mine + its for mine, its in zip(self.buckets, other.buckets, strict=True)),
        )

    @property
    def p95_ms(self) -> float | None:
        """Give the time within which 95 of 100 runs ended, None when there were none."""
        return percentile(self.buckets, 0.95)


def percentile(buckets: Sequence[int], share: float) -> float | None:
    """Estimate a percentile from counts per bucket, in milliseconds.

    Within its bucket the times are taken as spread evenly, so the answer is off by at most the bucket's
    width. What is slower than every bound counts as the last bound: "at least that long".
    """
    total = sum(buckets)
    if not total:
        return None
    rank = share * total
    bounds = (0.0, *BUCKETS_MS, BUCKETS_MS[-1])
    for number, reached in enumerate(accumulate(buckets)):
        if reached >= rank and buckets[number]:
            part = (rank - (reached - buckets[number])) / buckets[number]
            return bounds[number] + part * (bounds[number + 1] - bounds[number])
    return BUCKETS_MS[-1]


@dataclass(frozen=True, slots=True)
class FoldLag:
    """How far the figures of a stream are behind its rows.

    Attributes:
        rows: ids that are not counted yet; an upper bound, since ids have gaps.
        since: since when they wait: since the last count, or since the first of them came after it.
    """

    stream: Stream
    rows: int
    since: datetime
