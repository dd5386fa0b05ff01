"""The answer of a dry run for people: messages, and what took how long against Discord's deadline."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from socialcube.domain.jobs.types import JobState, JobView
from socialcube.engine.registry import ACTIONS

DEADLINE_MS: Final = 3_000.0
"""Discord takes a first answer for three seconds (Interactions, "Responding to an Interaction")."""

OPTION: Final = "option."
"""Begins the names of the fields for what people type into options."""

WIDTH: Final = 300.0
_LEAST_WIDTH: Final = 2.0
_OUTCOMES: Final = {
    "succeeded": ("ok", "It worked"),
    "failed": ("bad", "It failed"),
    "refused": ("warn", "It was refused"),
    "timed_out": ("bad", "It took too long"),
}
_OWN_STEPS: Final = {"defer": "Wait sign for the person", "notice": "Notice to the person"}


@dataclass(frozen=True, slots=True)
class BarView:
    """One step of the waterfall.

    Attributes:
        start, width: in units of the whole bar, which is `WIDTH` wide and `DEADLINE_MS` long.
        notes: what it filled in, gave back, or warned of, a line each.
    """

    label: str
    path: str
    depth: int
    milliseconds: float
    start: float
    width: float
    tone: str
    problem: str
    notes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TrialView:
    """A dry run.

    Attributes:
        is_over: whether nothing more will come.
        problem: why there is no answer, or what failed in it.
        remedy: what to do about it.
    """

    job_id: str
    is_over: bool
    tone: str
    word: str
    problem: str
    remedy: str
    milliseconds: float
    messages: tuple[Mapping[str, Any], ...]
    bars: tuple[BarView, ...]


def view_trial(job: JobView) -> TrialView:
    """Make a job's answer presentable; a job without one says what it is waiting for."""
    result: Mapping[str, Any] = job.result or {}
    error = result.get("error") or {}
    tone, word = _OUTCOMES.get(str(result.get("outcome")), ("bad", "No answer"))
    if not job.state.is_end:
        tone, word = "busy", "Trying it" if job.state is JobState.RUNNING else "Waiting for a worker"
    return TrialView(
        job_id=str(job.id),
        is_over=job.state.is_end,
        tone=tone,
        word=word,
        problem=str(error.get("message") or job.problem),
        remedy=str(error.get("remedy", "")),
        milliseconds=float(result.get("milliseconds", 0)),
        messages=tuple(result.get("messages", ())),
        bars=_bars(result.get("trace", ())),
    )


def list_answers(job: JobView) -> dict[str, str]:
    """Give what was typed for a dry run, by the names of its fields."""
    options = job.payload.get("options")
    typed = {
        OPTION + name: str(value["id"] if isinstance(value, Mapping) else value)
        for name, value in (options.items() if isinstance(options, Mapping) else ())
    }
    return typed | {name: str(job.payload.get(name, "")) for name in ("person", "server")}


def _bars(trace: Sequence[Mapping[str, Any]]) -> tuple[BarView, ...]:
    """Lay the steps out in time. A trace says how long each took; they ran one after the other.

    A step that holds steps is listed before them and its time counts theirs in, so a child begins where its
    holder does, and the next neighbour where the step before it ended.
    """
    elements = [element for element in trace if element.get("type") != "budgets"]
    ends: dict[str, float] = {}
    bars = []
    for element in elements:
        path, took = str(element.get("path", "")), float(element.get("milliseconds", 0))
        holder = _holder(path)
        start = ends.get(holder, 0.0)
        ends[holder] = start + took
        ends[path] = start
        bars.append(_bar(element, path.count("].") if path else 0, start, took))
    return tuple(bars)


def _bar(element: Mapping[str, Any], depth: int, start: float, took: float) -> BarView:
    kind, error = str(element.get("type", "")), element.get("error")
    scale = WIDTH / DEADLINE_MS
    left = min(start * scale, WIDTH - _LEAST_WIDTH)
    return BarView(
        label=ACTIONS[kind].label if kind in ACTIONS else _OWN_STEPS.get(kind, kind),
        path=str(element.get("path", "")),
        depth=depth,
        milliseconds=took,
        start=round(left, 1),
        width=round(min(max(took * scale, _LEAST_WIDTH), WIDTH - left), 1),
        tone="bad" if error else "warn" if element.get("warnings") else "ok",
        problem=str(error["message"]) if error else "",
        notes=tuple(_notes(element)),
    )


def _notes(element: Mapping[str, Any]) -> list[str]:
    lines = [f"{name}: {text}" for name, text in (element.get("inputs") or {}).items() if text]
    result = element.get("result")
    if isinstance(result, Mapping):
        lines += [f"→ {name} {value}" for name, value in result.items()]
    return [*lines, *map(str, element.get("warnings") or ())]


def _holder(path: str) -> str:
    """Give the step around a step, empty at the top: `steps[0]` for `steps[0].then[1]`."""
    return path.rpartition(".")[0]
