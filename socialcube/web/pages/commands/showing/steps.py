"""The steps of a draft as cards, those that this version does not understand included."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from socialcube.engine.action import Action
from socialcube.engine.registry import ACTIONS, find_action
from socialcube.web.pages.commands.forms.controls import Control, all_fit, controls_of
from socialcube.web.pages.commands.forms.paths import anchor
from socialcube.web.pages.commands.showing.fields import FieldView, Problems, find_rest, view_fields

_GLYPHS: Final = {"reply": "message", "if": "branch", "set_variable": "braces"}
_MAX_SUMMARY: Final = 120


@dataclass(frozen=True, slots=True)
class BlockView:
    """A child list of a step: its name, its place, its steps."""

    name: str
    path: str
    steps: "tuple[StepView, ...]"


@dataclass(frozen=True, slots=True)
class StepView:
    """One card.

    Attributes:
        number: like `2` or `2.1`, as people count.
        label: what it does.
        summary: its first text, for the folded card.
        raw: the step as JSON where no form can show it, else empty.
        rest: what its parameters hold that no control knows, as JSON; `rest_names` tells which.
        problem: what is wrong with it as a whole; `has_problem` counts its fields and children in.
    """

    path: str
    number: str
    id: str
    type: str
    label: str
    summary: str
    glyph: str
    is_open: bool
    continues: bool
    fields: tuple[FieldView, ...]
    blocks: tuple[BlockView, ...]
    raw: str
    rest: str
    rest_names: str
    problem: str
    has_problem: bool

    @property
    def anchor(self) -> str:
        """Give the id of its element."""
        return anchor(self.path)


def view_steps(
    steps: Any, problems: dict[str, str], opened: str, path: str = "steps", number: str = ""
) -> tuple[StepView, ...]:
    """Give the cards of a list of steps.

    Args:
        steps: the raw list.
        problems: sentences by place.
        opened: the place that its author wants to see; every card around it is open.
        path: of the list.
        number: of the step that holds the list.
    """
    return tuple(
        _view(step, problems, opened, f"{path}[{index}]", f"{number}{index + 1}")
        for index, step in enumerate(steps if isinstance(steps, list) else ())
    )


def walk(steps: tuple[StepView, ...], depth: int = 0) -> Iterator[tuple[int, StepView]]:
    """Give every card with its depth, in the order of reading."""
    for step in steps:
        yield depth, step
        for block in step.blocks:
            yield from walk(block.steps, depth + 1)


def summarise(params: Any) -> str:
    """Give the first text among parameters, on one line."""
    text = " ".join(next(_texts(params), "").split())
    return text if len(text) <= _MAX_SUMMARY else text[:_MAX_SUMMARY] + "…"


def _view(step: Any, problems: dict[str, str], opened: str, path: str, number: str) -> StepView:
    inside = {
        place: text
        for place, text in problems.items()
        if place == path or place.startswith((f"{path}.", f"{path}["))
    }
    action = find_action(str(step.get("type"))) if isinstance(step, dict) else None
    if action is None or not _is_editable(step, action):
        return _view_raw(step, inside, opened, path, number)
    controls, params = controls_of(action.name), step.get("params", {})
    open_problems = Problems(inside)
    places = {name: f"{path}.{name}" for name in action.blocks}
    blocks = tuple(
        BlockView(name, place, view_steps(step.get(name), inside, opened, place, f"{number} {name} "))
        for name, place in places.items()
    )
    for name in action.blocks:
        if isinstance(step.get(name), list) and step[name]:
            open_problems.take_inside(f"{path}.{name}")
    rest = find_rest(controls, params)
    return StepView(
        path=path,
        number=number,
        id=str(step.get("id", "")),
        type=action.name,
        label=action.label,
        summary=summarise(params),
        glyph=_GLYPHS.get(action.name, "bolt"),
        is_open=_is_open(opened, path),
        continues=step.get("on_error") == "continue",
        fields=view_fields(controls, params, f"{path}.params", open_problems),
        blocks=blocks,
        raw="",
        rest=json.dumps(rest, ensure_ascii=False) if rest else "",
        rest_names=", ".join(rest),
        problem=open_problems.take_inside(path),
        has_problem=bool(inside),
    )


def _view_raw(step: Any, inside: dict[str, str], opened: str, path: str, number: str) -> StepView:
    kind = str(step.get("type", "")) if isinstance(step, dict) else ""
    return StepView(
        path=path,
        number=number,
        id=str(step.get("id", "")) if isinstance(step, dict) else "",
        type=kind,
        label=ACTIONS[kind].label if kind in ACTIONS else "Unknown step",
        summary="No form can show this one; it is edited as JSON.",
        glyph="braces",
        is_open=_is_open(opened, path),
        continues=False,
        fields=(),
        blocks=(),
        raw=json.dumps(step, ensure_ascii=False, indent=2),
        rest="",
        rest_names="",
        problem=" ".join(dict.fromkeys(inside.values())),
        has_problem=bool(inside),
    )


def _is_editable(step: dict[str, Any], action: Action[Any]) -> bool:
    """Tell whether the form shows all of a step, so that saving it loses nothing."""
    known = {"id", "type", "params", "on_error", *action.blocks}
    controls: tuple[Control, ...] = controls_of(action.name)
    return (
        step.keys() <= known
        and isinstance(step.get("id", ""), str)
        and step.get("on_error", "stop") in ("stop", "continue")
        and all_fit(controls, step.get("params", {}))
        and all(isinstance(step.get(name, []), list) for name in action.blocks)
    )


def _is_open(opened: str, path: str) -> bool:
    return opened == path or opened.startswith((f"{path}.", f"{path}["))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str) and value.strip():
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _texts(part)
    elif isinstance(value, list):
        for part in value:
            yield from _texts(part)
