"""The answer of a dry run for people: messages, and what took how long against Discord's deadline."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from socialcube.domain.jobs.types import JobState, JobView
from socialcube.web.pages.traces import LIMIT_MS, Step, lay_out

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


@dataclass(frozen=True, slots=True)
class BarView:
    """One step of the waterfall.

    Attributes:
        start, width: in units of the whole bar, which is `WIDTH` wide and `LIMIT_MS` long.
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
        bars=tuple(_bar(step) for step in lay_out(result.get("trace", ()))),
    )


def list_answers(job: JobView) -> dict[str, str]:
    """Give what was typed for a dry run, by the names of its fields."""
    options = job.payload.get("options")
    typed = {
        OPTION + name: str(value["id"] if isinstance(value, Mapping) else value)
        for name, value in (options.items() if isinstance(options, Mapping) else ())
    }
    return typed | {name: str(job.payload.get(name, "")) for name in ("person", "server")}


def _bar(step: Step) -> BarView:
    element, error = step.element, step.element.get("error")
    scale = WIDTH / LIMIT_MS
    left = min(step.start * scale, WIDTH - _LEAST_WIDTH)
    return BarView(
        label=step.label,
        path=step.path,
        depth=step.depth,
        milliseconds=step.milliseconds,
        start=round(left, 1),
        width=round(min(max(step.milliseconds * scale, _LEAST_WIDTH), WIDTH - left), 1),
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
