"""Where the time of a run went: one bar for each step, against Discord's three seconds."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from socialcube.domain.logs.types import CommandLogRecord
from socialcube.kernel.text import printable

LIMIT_MS: Final = 3000.0
"""Discord takes no first answer later than this (Discord docs, Interactions, "Responding")."""

DEFERRED_MS: Final = 1500.0
"""When we say "is thinking…" for a command that has not answered yet."""

_LEAST_WIDTH: Final = 0.7
_DEFER: Final = "defer"
_ENGINE: Final = {_DEFER: "Said “is thinking…”", "notice": "Told the person"}
_ACTIONS: Final = {"reply": "Reply", "set_variable": "Set a value", "if_": "If", "if": "If"}


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
    elements = [each for each in record.trace if isinstance(each, Mapping) and _is_shown(each)]
    inside = sum(_length(each) for each in elements if _depth(each) == 0 and each.get("type") != _DEFER)
    ready = max(0.0, record.duration_ms - inside)
    bars = [
        Bar("Before the first step", 0, "off", 0.0, _share(ready, scale), ready),
        *_bars(elements, ready, scale),
    ]
    seconds = range(int(scale // 1000) + 1)
    step = max(1, len(seconds) // 4)
    marks = tuple(
        (second * 1000 / scale * 100, f"{second} s" if second else "0") for second in seconds[::step]
    )
    return Waterfall(tuple(bars), marks, DEFERRED_MS / scale * 100, LIMIT_MS / scale * 100)


def _bars(elements: Sequence[Mapping[str, Any]], ready: float, scale: float) -> Iterable[Bar]:
    # Where the next step of each depth begins.
    begins = [ready]
    for number, element in enumerate(elements, start=1):
        if element.get("type") == _DEFER:
            # It ran beside the steps.
            yield Bar(_ENGINE[_DEFER], 0, "ok", DEFERRED_MS / scale * 100, _LEAST_WIDTH, _length(element))
            continue
        depth = min(_depth(element), len(begins) - 1)
        start = begins[depth]
        length = _length(element)
        begins[depth:] = [start + length, start]
        tone = "bad" if element.get("error") else "warn" if length >= DEFERRED_MS else "busy"
        place = start / scale * 100
        yield Bar(_label(number, element), depth, tone, place, _share(length, scale), length)


def _label(number: int, element: Mapping[str, Any]) -> str:
    kind = str(element.get("type", ""))
    if kind in _ENGINE:
        return _ENGINE[kind]
    return f"{number} {_ACTIONS.get(kind) or printable(kind).replace('_', ' ').strip().capitalize()}"


def _is_shown(element: Mapping[str, Any]) -> bool:
    return "milliseconds" in element and element.get("type") != "budgets"


def _length(element: Mapping[str, Any]) -> float:
    length = element.get("milliseconds")
    return float(length) if isinstance(length, int | float) else 0.0


def _depth(element: Mapping[str, Any]) -> int:
    return str(element.get("path", "")).count(".")


def _share(milliseconds: float, scale: float) -> float:
    return max(_LEAST_WIDTH, milliseconds / scale * 100)
