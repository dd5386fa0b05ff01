"""The trace of a run laid out in time, as the page of a run and the answer of a dry run both draw it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from socialcube.engine.registry import ACTIONS
from socialcube.kernel.text import printable

LIMIT_MS: Final = 3000.0
"""Discord takes no first answer later than this (Discord docs, Interactions, "Responding")."""

DEFERRED_MS: Final = 1500.0
"""When we say "is thinking…" for a command that has not answered yet."""

_DEFER: Final = "defer"
_OWN_STEPS: Final = {_DEFER: "Said “is thinking…”", "notice": "Told the person"}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a run.

    Attributes:
        label: what it does, in the words of the editor.
        depth: how deep it lies inside of others.
        start: milliseconds since the first step began.
        is_beside: whether it ran beside the steps and counts from the interaction instead.
        element: its part of the trace.
    """

    label: str
    path: str
    depth: int
    start: float
    milliseconds: float
    is_beside: bool
    element: Mapping[str, Any]


def lay_out(trace: Iterable[object]) -> list[Step]:
    """Say when each step began. A trace says how long each took; they ran one after the other.

    A step that holds steps is listed before them and its time counts theirs in, so a child begins where its
    holder does, and the next neighbour where the step before it ended. Anything odd in a stored trace is
    left out or counts as nothing.
    """
    elements = (each for each in trace if isinstance(each, Mapping) and each.get("type") != "budgets")
    # Where the next step inside of each step begins.
    begins: dict[str, float] = {}
    return [_step(element, begins) for element in elements]


def _step(element: Mapping[str, Any], begins: dict[str, float]) -> Step:
    kind, path, took = str(element.get("type", "")), str(element.get("path", "")), _length(element)
    if kind == _DEFER:
        return Step(_label(kind), path, 0, DEFERRED_MS, took, is_beside=True, element=element)
    holder = path.rpartition(".")[0]
    start = begins.get(holder, 0.0)
    begins[holder] = start + took
    if path:
        begins[path] = start
    return Step(_label(kind), path, path.count("."), start, took, is_beside=False, element=element)


def _label(kind: str) -> str:
    if kind in ACTIONS:
        return ACTIONS[kind].label
    return _OWN_STEPS.get(kind) or printable(kind).replace("_", " ").strip().capitalize()


def _length(element: Mapping[str, Any]) -> float:
    length = element.get("milliseconds")
    return float(length) if isinstance(length, int | float) else 0.0
