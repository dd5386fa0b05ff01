"""Shapes of charts on a canvas of 600 by 128, and the rows of the table behind them."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Final

from socialcube.web.pages.periods import Period
from socialcube.web.pages.traces import LIMIT_MS

WIDTH: Final = 600
HEIGHT: Final = 128

_GAP: Final = 0.2
_LINES: Final = 3


@dataclass(frozen=True, slots=True)
class Bar:
    """A rectangle of the chart."""

    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class BarChart:
    """Counts for stretches of time.

    Attributes:
        labels: of the vertical axis, the highest first.
        errors: lie over the foot of `bars`.
    """

    labels: tuple[str, ...]
    bars: tuple[Bar, ...]
    errors: tuple[Bar, ...]


@dataclass(frozen=True, slots=True)
class LineChart:
    """A line of durations.

    Attributes:
        labels: of the vertical axis, the highest first.
        path: SVG path data; a stretch without answers is a gap.
        limit_y: height of Discord's limit.
    """

    labels: tuple[str, ...]
    path: str
    limit_y: float


@dataclass(frozen=True, slots=True)
class TableRow:
    """What a chart says of one stretch of time."""

    begins_at: datetime
    commands: int
    errors: int
    p95_ms: float | None


def bar_chart(counts: Sequence[float | None], errors: Sequence[float | None]) -> BarChart:
    """Draw counts, with the errors among them at the foot."""
    top = nice_top(max((value or 0 for value in counts), default=0))
    labels = tuple(f"{round(top * part / _LINES):,}" for part in range(_LINES, -1, -1))
    return BarChart(labels, _bars(counts, top), _bars(errors, top))


def line_chart(durations: Sequence[float | None]) -> LineChart:
    """Draw durations in milliseconds below Discord's limit, or above it where they are."""
    longest = max((value for value in durations if value is not None), default=0.0)
    top = LIMIT_MS if longest <= LIMIT_MS else LIMIT_MS * math.ceil(longest / LIMIT_MS)
    labels = tuple(f"{top * part / _LINES / 1000:g} s" for part in range(_LINES, -1, -1))
    return LineChart(labels, path_of(durations, top), round(HEIGHT - HEIGHT * LIMIT_MS / top, 1))


def table_rows(
    period: Period,
    now: datetime,
    commands: Sequence[float | None],
    errors: Sequence[float | None],
    p95: Sequence[float | None],
) -> list[TableRow]:
    """Give what the charts show as rows, the latest first. All three are of the same stretches."""
    length = period.length / max(len(commands), 1)
    begins = (now - period.length + length * place for place in range(len(commands)))
    rows = [
        TableRow(moment, round(count or 0), round(failed or 0), slow)
        for moment, count, failed, slow in zip(begins, commands, errors, p95, strict=True)
    ]
    return rows[::-1]


def time_labels(period: Period, now: datetime) -> tuple[str, ...]:
    """Give five labels of the horizontal axis; the last one is now."""
    form = "%a %H:%M" if period.length.days > 1 else "%H:%M"
    moments = (now - period.length * (4 - part) / 4 for part in range(4))
    return (*(moment.strftime(form) for moment in moments), "now")


def nice_top(highest: float) -> int:
    """Give a round number at the top of an axis with three steps, at least three."""
    step = max(math.ceil(highest / _LINES), 1)
    power = 10 ** int(math.log10(step))
    rounded = next(factor for factor in (1, 2, 4, 5, 8, 10) if factor * power >= step)
    return int(rounded * power * _LINES)


def path_of(values: Sequence[float | None], top: float) -> str:
    """Draw a line over the whole width as SVG path data, with a gap where a value is unknown."""
    step = WIDTH / max(len(values) - 1, 1)
    parts, is_drawn = [], False
    for place, value in enumerate(values):
        if value is not None:
            command = "L" if is_drawn else "M"
            parts.append(f"{command}{step * place:.1f} {HEIGHT - HEIGHT * value / top:.1f}")
            if not is_drawn:
                # A single answer between two gaps is a dot: a line from a point to itself, with round ends.
                parts.append(f"L{step * place:.1f} {HEIGHT - HEIGHT * value / top:.1f}")
        is_drawn = value is not None
    return "".join(parts)


def _bars(counts: Sequence[float | None], top: float) -> tuple[Bar, ...]:
    step = WIDTH / max(len(counts), 1)
    heights = (HEIGHT * (value or 0) / top for value in counts)
    return tuple(
        Bar(
            round(step * (place + _GAP / 2), 1),
            round(HEIGHT - height, 1),
            round(step * (1 - _GAP), 1),
            round(height, 1),
        )
        for place, height in enumerate(heights)
        if height
    )
