"""Turns raw JSON data into steps that run, and collects what is wrong on the way."""

import re
from collections.abc import Mapping
from types import MappingProxyType
from typing import Any, Final

from pydantic import ValidationError

from socialcube.engine.action import Action
from socialcube.engine.fields import Fields
from socialcube.engine.problems import Problem, join_path
from socialcube.engine.program import CompiledStep
from socialcube.engine.registry import ACTIONS, find_action
from socialcube.engine.spec import (
    MAX_STEP_DEPTH,
    MAX_STEPS,
    ON_ERROR,
    SCHEMA,
    Document,
    OnError,
    Step,
    freeze,
)
from socialcube.engine.wording import describe, relevant

_ID: Final = re.compile(r"[A-Za-z0-9_-]{1,40}")
_MAX_PROBLEMS: Final = 100
_MAX_SHOWN: Final = 40
_STEP_KEYS: Final = ("id", "type", "params", "on_error")

_Pair = tuple[Step, CompiledStep]


class Compiler:
    """Compiles one document. Its input has passed `shape.check_shape`.

    Attributes:
        problems: what was wrong, in the document's order; the first hundred.
    """

    def __init__(self) -> None:
        self.problems: list[Problem] = []
        self._ids: set[str] = set()
        self._steps = 0

    def compile(self, raw: object) -> tuple[Document, tuple[CompiledStep, ...]]:
        """Compile a document. The result is of use only when there are no problems."""
        if not isinstance(raw, dict):
            self._report("", "wrong_type", 'A command is an object like {"schema": 1, "steps": []}.')
            return Document(), ()
        self._check_keys("", raw, ("schema", "steps"))
        if raw.get("schema") != SCHEMA or isinstance(raw.get("schema"), bool):
            self._report("schema", "unknown_schema", f"This version of Social Cube reads schema {SCHEMA}.")
        if "steps" not in raw:
            self._report("steps", "missing", "This is required: a list of steps.")
        document, compiled = self._list(raw.get("steps", []), "steps", 1)
        return Document(document), compiled

    def _list(self, raw: object, path: str, depth: int) -> tuple[tuple[Step, ...], tuple[CompiledStep, ...]]:
        if not isinstance(raw, list):
            self._report(path, "wrong_type", "This must be a list of steps.")
            return (), ()
        if depth > MAX_STEP_DEPTH:
            self._report(path, "too_deep", f"Steps may be nested {MAX_STEP_DEPTH} levels deep.")
            return (), ()
        pairs = [self._step(item, f"{path}[{index}]", depth) for index, item in enumerate(raw)]
        whole = [pair for pair in pairs if pair]
        return tuple(step for step, _ in whole), tuple(compiled for _, compiled in whole)

    def _step(self, raw: object, path: str, depth: int) -> _Pair | None:
        self._steps += 1
        if self._steps > MAX_STEPS:
            if self._steps == MAX_STEPS + 1:
                self._report(path, "too_many_steps", f"A command has at most {MAX_STEPS} steps.")
            return None
        if not isinstance(raw, dict):
            self._report(path, "wrong_type", "A step is an object with id, type and params.")
            return None
        action = self._action(raw, path)
        self._check_keys(path, raw, (*_STEP_KEYS, *(action.blocks if action else _ALL_BLOCKS)))
        step_id = self._id(raw, path)
        on_error = self._on_error(raw, path)
        params = raw.get("params", {})
        fields = self._fields(action, params, f"{path}.params") if action else None
        blocks, compiled_blocks = self._blocks(raw, path, depth)
        if action is None or fields is None:
            return None
        return (
            Step(step_id, action.name, _frozen(params), on_error, MappingProxyType(blocks)),
            CompiledStep(path, step_id, action, fields, on_error, MappingProxyType(compiled_blocks)),
        )

    def _blocks(
        self, raw: dict[str, Any], path: str, depth: int
    ) -> tuple[dict[str, tuple[Step, ...]], dict[str, tuple[CompiledStep, ...]]]:
        blocks, compiled = {}, {}
        for name in _ALL_BLOCKS:
            if name in raw:
                blocks[name], compiled[name] = self._list(raw[name], f"{path}.{name}", depth + 1)
        return blocks, compiled

    def _action(self, raw: dict[str, Any], path: str) -> Action[Any] | None:
        name = raw.get("type")
        if not isinstance(name, str):
            code, message = ("wrong_type", "must be text") if "type" in raw else ("missing", "is required")
            self._report(f"{path}.type", code, f"The type of a step {message}, like “reply”.")
            return None
        action = find_action(name)
        if not action:
            known = ", ".join(sorted(ACTIONS))
            self._report(
                f"{path}.type", "unknown_type", f"There is no action “{_clip(name)}”. There are: {known}."
            )
        return action

    def _id(self, raw: dict[str, Any], path: str) -> str:
        step_id = raw.get("id")
        if "id" not in raw:
            self._report(f"{path}.id", "missing", "Every step needs an id of its own.")
            return ""
        if not isinstance(step_id, str) or not _ID.fullmatch(step_id):
            self._report(f"{path}.id", "bad_id", "An id is text of up to 40 letters, digits, _ and -.")
            return ""
        if step_id in self._ids:
            self._report(f"{path}.id", "duplicate_id", f"Another step has the id “{step_id}” already.")
        self._ids.add(step_id)
        return step_id

    def _on_error(self, raw: dict[str, Any], path: str) -> OnError:
        value = raw.get("on_error", "stop")
        for known in ON_ERROR:
            if value == known:
                return known
        self._report(f"{path}.on_error", "bad_value", f"This must be one of: {', '.join(ON_ERROR)}.")
        return "stop"

    def _fields(self, action: Action[Any], params: object, path: str) -> Fields | None:
        try:
            fields: Fields = action.fields_model.model_validate(params)
        except ValidationError as error:
            for detail in relevant(error.errors(include_url=False, include_input=False)):
                inside = detail.get("ctx", {})
                place = (inside.get("line"), inside.get("column"))
                self._report(join_path(path, detail["loc"]), *describe(detail), *place)
            return None
        return fields

    def _check_keys(self, path: str, raw: dict[str, Any], known: tuple[str, ...]) -> None:
        for key in raw:
            if key not in known:
                place = join_path(path, [_clip(key)])
                self._report(
                    place, "unknown_field", f"There is no “{_clip(key)}” here. Known: {', '.join(known)}."
                )

    def _report(
        self, path: str, code: str, message: str, line: int | None = None, column: int | None = None
    ) -> None:
        if len(self.problems) < _MAX_PROBLEMS:
            self.problems.append(Problem(path, code, message, line, column))


_ALL_BLOCKS: Final = tuple(dict.fromkeys(name for action in ACTIONS.values() for name in action.blocks))


def _clip(text: str) -> str:
    return text if len(text) <= _MAX_SHOWN else text[:_MAX_SHOWN] + "…"


def _frozen(params: object) -> Mapping[str, object]:
    frozen = freeze(params)
    return frozen if isinstance(frozen, MappingProxyType) else MappingProxyType({})
