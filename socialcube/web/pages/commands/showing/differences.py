"""What differs between two documents of a command, field by field, in an author's words.

Steps are told apart by their ids and options by their names, so that moving one is not the same as
removing it and adding another.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final, Literal

from socialcube.engine.registry import ACTIONS
from socialcube.web.pages.commands.forms.controls import Control, Kind, controls_of
from socialcube.web.pages.commands.showing.editor import CONTEXTS, DEFAULT_CONTEXTS

Word = Literal["added", "removed", "changed", "moved"]

SETTINGS: Final = {
    "name": "Name",
    "description": "Description",
    "default_member_permissions": "Who may use it",
    "nsfw": "Age-restricted",
    "contexts": "Offered in",
}
_DEFAULTS: Final[Mapping[str, Any]] = {"contexts": DEFAULT_CONTEXTS, "nsfw": False}


@dataclass(frozen=True, slots=True)
class Change:
    """One difference.

    Attributes:
        place: what changed, like `Step 2 · Reply · Text`.
        before, after: both values as text; one is empty when it was added or removed.
    """

    word: Word
    place: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class _Part:
    """An option or a step: its fields by label, and where it stands."""

    title: str
    position: tuple[str, int]
    fields: Mapping[str, str]

    def text(self) -> str:
        return "\n".join(f"{label}: {value}" for label, value in self.fields.items())


def list_changes(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Change, ...]:
    """List what one has to tell somebody who knows `before` about `after`. Empty for equal documents."""
    return (
        *_compare_fields("", _settings(before), _settings(after)),
        *_compare_parts(dict(_options(before)), dict(_options(after))),
        *_compare_parts(dict(_steps(before.get("steps"))), dict(_steps(after.get("steps")))),
    )


def describe_options(options: Any) -> str:
    """Write options down, a line for each of their fields."""
    return _write(dict(_options({"options": options})))


def describe_steps(steps: Any) -> str:
    """Write steps down with those inside them, a line for each of their fields."""
    return _write(dict(_steps(steps)))


def describe_setting(document: Mapping[str, Any], key: str) -> str:
    """Write one of `SETTINGS` down; nothing is an empty text, and what was left out is its default."""
    value = document.get(key, _DEFAULTS.get(key))
    if key == "contexts" and isinstance(value, list | tuple):
        value = [CONTEXTS.get(place, place) if isinstance(place, str) else place for place in value]
    return _text(value)


def _write(parts: Mapping[str, _Part]) -> str:
    return "\n".join(f"{part.title}\n{part.text()}".rstrip() for part in parts.values())


def _settings(document: Mapping[str, Any]) -> dict[str, str]:
    return {label: describe_setting(document, key) for key, label in SETTINGS.items()}


def _compare_fields(title: str, before: Mapping[str, str], after: Mapping[str, str]) -> Iterator[Change]:
    for label in dict.fromkeys([*before, *after]):
        old, new = before.get(label, ""), after.get(label, "")
        if old != new:
            word: Word = "changed" if old and new else "added" if new else "removed"
            yield Change(word, f"{title} · {label}" if title else label, old, new)


def _compare_parts(before: Mapping[str, _Part], after: Mapping[str, _Part]) -> Iterator[Change]:
    kept = [key for key in after if key in before]
    moved = set(_moved(kept, [key for key in before if key in after], before, after))
    for key, part in after.items():
        if key not in before:
            yield Change("added", part.title, "", part.text())
            continue
        if key in moved:
            yield Change("moved", part.title, before[key].title, part.title)
        yield from _compare_fields(part.title, before[key].fields, part.fields)
    for key, part in before.items():
        if key not in after:
            yield Change("removed", part.title, part.text(), "")


def _moved(
    kept: list[str], former: list[str], before: Mapping[str, _Part], after: Mapping[str, _Part]
) -> Iterator[str]:
    """Name what stands in another list now, or in another order among what both have."""
    for key in kept:
        if before[key].position[0] != after[key].position[0]:
            yield key
    longest = _longest_common(kept, former)
    yield from (key for key in kept if key not in longest)


def _longest_common(left: list[str], right: list[str]) -> set[str]:
    """Give the most keys that keep their order: all others count as moved."""
    place = {key: index for index, key in enumerate(right)}
    best: list[list[str]] = []
    for index, key in enumerate(left):
        earlier = [best[other] for other in range(index) if place[left[other]] < place[key]]
        best.append([*_longest(earlier), key])
    return set(_longest(best))


def _longest(ways: list[list[str]]) -> list[str]:
    return max(ways, key=lambda way: len(way), default=[])  # noqa: PLW0108 - mypy takes `len` for too general


def _options(document: Mapping[str, Any]) -> Iterator[tuple[str, _Part]]:
    for index, option in enumerate(document.get("options", ())):
        fields = {
            key.replace("_", " ").capitalize(): _text(value)
            for key, value in option.items()
            if key != "name" and value not in (None, False, [], ())
        }
        yield str(option.get("name")), _Part(f"Option {option.get('name')}", ("options", index), fields)


def _steps(steps: Any, holder: str = "", number: str = "") -> Iterator[tuple[str, _Part]]:
    for index, step in enumerate(steps if isinstance(steps, list) else ()):
        if not isinstance(step, dict):
            yield f"{holder}?{index}", _Part(f"Step {number}{index + 1}", (holder, index), {"": _text(step)})
            continue
        here, kind = f"{number}{index + 1}", str(step.get("type"))
        key = str(step.get("id") or f"{holder}?{index}")
        label = ACTIONS[kind].label if kind in ACTIONS else kind
        yield key, _Part(f"Step {here} · {label}", (holder, index), dict(_step_fields(step, kind)))
        for name, value in step.items():
            if name != "params" and isinstance(value, list):
                yield from _steps(value, f"{key}.{name}", f"{here} {name} ")


def _step_fields(step: Mapping[str, Any], kind: str) -> Iterator[tuple[str, str]]:
    if step.get("on_error", "stop") != "stop":
        yield "When it fails", "go on"
    params = step.get("params")
    if kind in ACTIONS and isinstance(params, dict):
        yield from _params(controls_of(kind), params, "")
    elif params:
        yield "Parameters", _text(params)


def _params(
    controls: tuple[Control, ...], values: Mapping[str, Any], title: str
) -> Iterator[tuple[str, str]]:
    known = {control.key: control for control in controls}
    for key, value in values.items():
        control = known.get(key)
        label = f"{title}{control.label if control else key}"
        if control and control.kind is Kind.GROUP and isinstance(value, dict):
            yield from _params(control.parts, value, f"{label} · ")
        elif control and control.kind is Kind.LIST and isinstance(value, list):
            for index, item in enumerate(value):
                if isinstance(item, dict):
                    yield from _params(control.parts, item, f"{label} {index + 1} · ")
        elif value not in (None, False, ""):
            yield label, _text(value)


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, list | tuple):
        return ", ".join(_text(item) for item in value)
    if isinstance(value, Mapping):
        return " = ".join(_text(item) for item in value.values())
    return str(value)
