import ast
from pathlib import Path

import pytest

import socialcube
from socialcube.domain.audit.policy import ACTIONS, Change, describe_action, list_changes
from socialcube.domain.audit.types import Data


def said(before: Data | None, after: Data | None) -> list[str]:
    return [str(change) for change in list_changes(before, after)]


def test_only_fields_that_differ_are_told_from_what_to_what() -> None:
    before: Data = {"name": "Fern", "tags": ["a"], "is_active": False, "generation": 1}
    after: Data = {"name": "Ivy", "tags": ["a"], "is_active": True, "generation": 2}
    assert said(before, after) == ["Name: Fern → Ivy", "Switched on: no → yes"]


def test_fields_inside_of_others_are_told_by_themselves() -> None:
    assert said({"limits": {"max": 1, "min": 0}}, {"limits": {"max": 2, "min": 0}}) == ["Limits, max: 1 → 2"]


def test_with_one_side_alone_it_is_what_that_side_says() -> None:
    assert said(None, {"role": "editor", "note": ""}) == ["Role: editor"]
    assert said({"role": "editor"}, None) == ["Role: editor → nothing"]
    assert said(None, None) == []


@pytest.mark.parametrize(
    ("value", "words"),
    [(None, "nothing"), (["a", "b"], "a, b"), ([], "nothing"), (1.5, "1.5"), ([{"k": True}], "k: yes")],
)
def test_values_are_words(value: object, words: str) -> None:
    assert list_changes({"field": "old"}, {"field": value}) == (Change("Field", "old", words),)


def test_a_right_is_told_by_what_it_allows() -> None:
    assert said(None, {"permission": "bot.control"}) == [
        "It takes the right to: start, stop and restart it, and take it out of servers"
    ]


def test_an_unknown_action_is_shown_as_it_is_written() -> None:
    assert describe_action("widget.paint") == "widget.paint"


def test_every_action_that_is_recorded_has_words() -> None:
    recorders = {"record", "conclude", "_conclude", "_record", "_note"}
    package = Path(next(iter(socialcube.__path__)))
    recorded = set()
    for path in package.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and _name(node.func) in recorders:
                recorded |= {text for argument in node.args for text in _actions(argument)}
    assert len(recorded) > 30
    assert recorded <= set(ACTIONS)


def _name(function: ast.expr) -> str:
    return function.attr if isinstance(function, ast.Attribute) else getattr(function, "id", "")


def _actions(argument: ast.expr) -> list[str]:
    parts = [argument.body, argument.orelse] if isinstance(argument, ast.IfExp) else [argument]
    texts = [part.value for part in parts if isinstance(part, ast.Constant) and isinstance(part.value, str)]
    return [text for text in texts if "." in text and text.replace(".", "").replace("_", "").isalpha()]
