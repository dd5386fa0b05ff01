"""Makes docs/reference/steps.md from the engine's actions, conditions, templates and budgets."""

import dataclasses
import inspect
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, Final, get_args, get_type_hints

from pydantic import BaseModel

from bin.lib import step_words
from socialcube.engine.action import Action
from socialcube.engine.budget import Limits, Resource
from socialcube.engine.conditions import Operator
from socialcube.engine.context import Context
from socialcube.engine.registry import ACTIONS
from socialcube.engine.template.environment import ENVIRONMENT, FILTERS

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "reference" / "steps.md"

_OWN_TAGS: Final = ("comment", "raw")  # Our lexer reads these, so the environment does not know them.
_PSEUDO_TAGS: Final = frozenset({"content", "output", "illegal"})
_TYPES: Final = {
    "array": "list",
    "boolean": "`true` or `false`",
    "integer": "whole number",
    "object": "mapping",
    "string": "text",
}
_BOUNDS: Final = {
    "minItems": "at least {:,}",
    "maxItems": "up to {:,}",
    "ge": "from {:,}",
    "le": "to {:,}",
    "x-max-output": "{:,} characters",
    "pattern": "`{}`",
}


def steps_page() -> str:
    """Give the whole page."""
    parts = [
        step_words.HEAD,
        *map(_action, sorted(ACTIONS.values(), key=lambda action: action.name)),
        _operators(),
        _templates(),
        _budgets(),
        "## Examples\n",
        *(f"### {title}\n\n```yaml\n{text}```\n" for title, text in step_words.EXAMPLES.items()),
    ]
    return "\n".join(parts)


def _action(action: Action[Any]) -> str:
    parts = [f"## {action.name}\n", f"{action.description}\n"]
    parts.append(_table("parameter | type | default | limits | what", _parameters(action.fields_model)))
    if action.blocks:
        chosen = "; exactly one of them runs" if action.one_block_runs else ""
        names = ", ".join(f"`{name}`" for name in action.blocks)
        parts.append(f"Child lists, beside `params`: {names}{chosen}.\n")
    if action.permission:
        parts.append(f"The bot needs the permission `{action.permission}`.\n")
    if action.cost:
        parts.append(f"Budgets: {', '.join(f'`{name}` {amount}' for name, amount in action.cost.items())}.\n")
    if action.name in step_words.NOTES:
        parts.append(f"{step_words.NOTES[action.name]}\n")
    return "\n".join(parts)


def _parameters(model: type[BaseModel], prefix: str = "") -> Iterator[tuple[str, ...]]:
    schema = model.model_json_schema()
    for name, info in model.model_fields.items():
        described = _resolve(schema["properties"][name], schema.get("$defs", {}))
        bounds = {
            key: getattr(mark, key) for mark in info.metadata for key in ("ge", "le") if hasattr(mark, key)
        }
        default = "required" if info.is_required() else _default(described.get("default"))
        yield (
            f"`{prefix}{name}`",
            _type(described),
            default,
            _limits(described | bounds),
            info.description or "",
        )
        for inner in get_args(info.annotation) or ():
            if inspect.isclass(inner) and issubclass(inner, BaseModel):
                mark = "[]" if described["type"] == "array" else ""
                yield from _parameters(inner, f"{prefix}{name}{mark}.")


def _resolve(schema: Mapping[str, Any], definitions: Mapping[str, Any]) -> dict[str, Any]:
    """Follow a reference, and put the kinds of an optional parameter side by side."""
    found = dict(schema)
    if "$ref" in found:
        found = definitions[found.pop("$ref").rpartition("/")[2]] | found
    if "anyOf" in found:
        kinds = [_resolve(kind, definitions) for kind in found.pop("anyOf")]
        found["type"] = [kind["type"] for kind in kinds if kind["type"] != "null"]
    return found


def _type(schema: Mapping[str, Any]) -> str:
    if schema.get("format") == "liquid":
        return "template"
    if "enum" in schema:
        return "word"
    kinds = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
    return " or ".join(_TYPES[kind] for kind in kinds)


def _limits(schema: Mapping[str, Any]) -> str:
    limits = [words.format(schema[key]) for key, words in _BOUNDS.items() if key in schema]
    words = ", ".join(f"`{word}`" for word in schema.get("enum", ()))
    return ", ".join([*limits, *([words] if words else [])])


def _default(value: object) -> str:
    if value is None or value == []:
        return "none"
    return f"`{str(value).lower() if isinstance(value, bool) else value}`"


def _operators() -> str:
    rows = [(f"`{by}`", step_words.OPERATORS[by]) for by in Operator]
    note = (
        "Blanks around both sides do not count. A side that should be a number and is not fails the step.\n"
    )
    return "\n".join(["## Operators\n", _table("operator | true when", rows), note])


def _templates() -> str:
    hints = get_type_hints(Context)
    names = [*(field.name for field in dataclasses.fields(Context)), "now"]
    rows = [(f"`{name}`", _keys(hints.get(name)), step_words.NAMES[name]) for name in names]
    tags = sorted({*ENVIRONMENT.tags, *_OWN_TAGS} - _PSEUDO_TAGS)
    return "\n".join(
        [
            "## Templates\n",
            step_words.TEMPLATES,
            _table("name | keys | what", rows),
            f"Tags: {_words(tags)}; `{{% # … %}}` is a remark.\n",
            f"Filters: {_words(sorted(FILTERS))}.\n",
            step_words.TEMPLATE_LIMITS,
        ]
    )


def _keys(hint: Any) -> str:
    """Give the keys of a typed mapping, of one that may be None too; nothing for other values."""
    views = [kind for kind in (hint, *get_args(hint)) if hasattr(kind, "__required_keys__")]
    return ", ".join(f"`{key}`" for view in views for key in get_type_hints(view))


def _budgets() -> str:
    meanings = dict(re.findall(r"^    (\w+): (.+)\.$", inspect.getdoc(Limits) or "", re.MULTILINE))
    rows = [
        (f"`{field.name}`", f"{field.default:g}", meanings[field.name], _spenders(field.name))
        for field in dataclasses.fields(Limits)
    ]
    note = (
        "One run may use this much. A step that would go beyond ends the run, whatever its `on_error` says.\n"
        "Only `defer_seconds` ends nothing: the person sees that the bot is thinking.\n"
    )
    return "\n".join(["## Budgets\n", note, _table("budget | default | what | drawn on by", rows)])


def _spenders(name: str) -> str:
    if name in set(Resource) - {Resource.STEPS, Resource.RENDER_TOTAL}:
        spenders = [action.name for action in ACTIONS.values() if Resource(name) in action.cost]
        return _words(sorted(spenders)) if spenders else "no step yet"
    return "every step" if name == Resource.STEPS else "every run"


def _words(names: list[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def _table(head: str, rows: Iterable[tuple[str, ...]]) -> str:
    cells = [" | ".join(cell.replace("|", r"\|") for cell in row) for row in rows]
    rule = " | ".join("---" for _ in head.split(" | "))
    return "\n".join(f"| {line} |".replace("|  |", "| |") for line in (head, rule, *cells)) + "\n"
