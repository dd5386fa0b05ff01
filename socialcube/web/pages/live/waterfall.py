"""Where the time of a run went: one bar for each step, against Discord's three seconds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from socialcube.domain.logs.types import CommandLogRecord
from socialcube.web.pages.traces import DEFERRED_MS, LIMIT_MS, Step, lay_out

_LEAST_WIDTH: Final = 0.7


@dataclass(frozen=True, slots=True)
class Bar:
    """One line of the waterfall.

    Attributes:
        depth: how deep the step lies inside of others.
        tone: class of its colour.
        start, width: in percent of the whole scale.
        milliseconds: how long it took.
    """

    label: str
    depth: int
    tone: str
    start: float
    width: float
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Waterfall:
    """All bars and their scale.

    Attributes:
        marks: pairs of a position in percent and its words.
        deferred_at, limit_at: positions in percent.
    """

    bars: tuple[Bar, ...]
    marks: tuple[tuple[float, str], ...]
    deferred_at: float
    limit_at: float


def draw(record: CommandLogRecord) -> Waterfall:
    """Lay out a run. Steps follow each other, so their lengths tell where each began."""
    scale = max(LIMIT_MS, record.duration_ms)
    steps = lay_out(record.trace)
    inside = sum(step.milliseconds for step in steps if step.depth == 0 and not step.is_beside)
    ready = max(0.0, record.duration_ms - inside)
    bars = [
        Bar("Before the first step", 0, "off", 0.0, _share(ready, scale), ready),
        *_bars(steps, ready, scale),
    ]
    seconds = range(int(scale // 1000) + 1)
    step = max(1, len(seconds) // 4)
    marks = tuple(
        (second * 1000 / scale * 100, f"{second} s" if second else "0") for second in seconds[::step]
    )
    return Waterfall(tuple(bars), marks, DEFERRED_MS / scale * 100, LIMIT_MS / scale * 100)


def _bars(steps: Sequence[Step], ready: float, scale: float) -> Iterable[Bar]:
    for number, step in enumerate(steps, start=1):
        start = step.start if step.is_beside else ready + step.start
        label = f"{number} {step.label}" if step.path else step.label
        width = _LEAST_WIDTH if step.is_beside else _share(step.milliseconds, scale)
        yield Bar(label, step.depth, _tone(step), start / scale * 100, width, step.milliseconds)


def _tone(step: Step) -> str:
    if step.is_beside:
        return "ok"
    return "bad" if step.element.get("error") else "warn" if step.milliseconds >= DEFERRED_MS else "busy"


def _share(milliseconds: float, scale: float) -> float:
    return max(_LEAST_WIDTH, milliseconds / scale * 100)
