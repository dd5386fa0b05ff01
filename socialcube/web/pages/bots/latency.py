"""How quickly Discord acknowledged a bot's heartbeats: a chart, and the rows of the table behind it."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from socialcube.domain.bots.types import LatencySample
from socialcube.web.pages.bots.charts import nice_top, path_of
from socialcube.web.pages.periods import Period

STEP: Final = timedelta(minutes=5)
"""A sample stands for five minutes."""

_MOST_POINTS: Final = 288
_ROWS: Final = 24
_STEPS: Final = 3


@dataclass(frozen=True, slots=True)
class LatencyRow:
    """What the chart says of one stretch of time."""

    begins_at: datetime
    mean_ms: float
    worst_ms: float


@dataclass(frozen=True, slots=True)
class LatencyChart:
    """Two lines on the canvas of `charts`; a stretch without samples is a gap.

    Attributes:
        labels: of the vertical axis, the highest first.
        mean, worst: SVG path data.
        rows: the latest first.
        latest_ms: mean of the last sample, None when there is none.
    """

    labels: tuple[str, ...]
    mean: str
    worst: str
    rows: tuple[LatencyRow, ...]
    latest_ms: float | None


def latency_chart(samples: Sequence[LatencySample], period: Period, now: datetime) -> LatencyChart:
    """Draw the samples of a period up to now, in their order."""
    slots = _slots(samples, period, now)
    worst = [max((item.worst_ms for item in slot), default=None) for slot in slots]
    top = nice_top(max((value for value in worst if value is not None), default=0))
    size = max(len(slots) // _ROWS, 1)
    begins = now - period.length
    step = period.length / len(slots)
    rows = (
        _row(begins + step * first, [item for slot in slots[first : first + size] for item in slot])
        for first in range(0, len(slots), size)
    )
    return LatencyChart(
        tuple(f"{round(top * part / _STEPS):,}" for part in range(_STEPS, -1, -1)),
        path_of([_mean(slot) for slot in slots], top),
        path_of(worst, top),
        tuple(row for row in rows if row is not None)[::-1],
        samples[-1].mean_ms if samples else None,
    )


def _slots(samples: Iterable[LatencySample], period: Period, now: datetime) -> list[list[LatencySample]]:
    """Lay the samples into stretches of five minutes, or longer ones where these are too many to see."""
    step = max(STEP, period.length / _MOST_POINTS)
    slots: list[list[LatencySample]] = [[] for _ in range(round(period.length / step))]
    for sample in samples:
        place = (sample.at - (now - period.length)) // step
        if 0 <= place < len(slots):
            slots[place].append(sample)
    return slots


def _mean(samples: Sequence[LatencySample]) -> float | None:
    count = sum(item.count for item in samples)
    return sum(item.mean_ms * item.count for item in samples) / count if count else None


def _row(begins_at: datetime, samples: Sequence[LatencySample]) -> LatencyRow | None:
    mean = _mean(samples)
    if mean is None:
        return None
    return LatencyRow(begins_at, mean, max(item.worst_ms for item in samples))
