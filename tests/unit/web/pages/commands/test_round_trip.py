"""What the page shows of a document is sent back as the same document."""

import random
from pathlib import Path
from typing import Any

import pytest
from werkzeug.datastructures import MultiDict

from socialcube.domain.commands import documents
from socialcube.domain.commands.documents import CommandDocument
from socialcube.web import cli
from socialcube.web.pages.commands.forms.reading import read_document
from tests.factories.commands import make_raw_command
from tests.unit.web.pages.commands.conftest import Desk, read_form

DEMO = Path(cli.__file__).parent / "demo"
CORPUS = [
    document for file in sorted(DEMO.glob("*.yaml")) for document in documents.parse_yaml(file.read_bytes())
]

_TEXTS = (
    "",
    "a",
    "two\nlines\n",
    "\nfirst",
    "{{ options.x }}",
    "{% if",
    '"><script>alert(1)</script>',
    "&amp; ümläut 🌱",
)


class Author:
    """Writes documents at random, right and wrong ones; the same seed gives the same document."""

    def __init__(self, seed: int) -> None:
        self._dice = random.Random(seed)  # noqa: S311 - only chance is asked of it
        self._number = 0

    def steps(self, depth: int = 0) -> list[Any]:
        """Write a list of steps."""
        return [self._step(depth) for _ in range(self._dice.randint(1, 3))]

    def _step(self, depth: int) -> dict[str, Any]:
        self._number += 1
        kinds = [self._reply, self._variable, self._strange] + [self._branch] * (depth < 2)
        step = {"id": f"s{self._number}", **self._dice.choice(kinds)(depth)}
        return {key: value for key, value in step.items() if value not in ({}, [])}

    def _reply(self, _depth: int) -> dict[str, Any]:
        params = {"text": self._text(), "private": self._dice.choice([True, None]), "embed": self._embed()}
        return {"type": "reply", "params": self._some(params) | self._dice.choice([{}, {"mood": [1, None]}])}

    def _embed(self) -> dict[str, Any] | None:
        fields = [
            {"name": self._line(), "value": self._text(), **self._dice.choice([{}, {"inline": True}])}
            for _ in range(self._dice.randint(0, 2))
        ]
        colour = self._dice.choice([None, 0, 255, "#2f9e6e"])
        whole = {
            "title": self._line(),
            "description": self._text(),
            "colour": colour,
            "fields": fields or None,
        }
        return self._dice.choice([None, self._some(whole)])

    def _variable(self, _depth: int) -> dict[str, Any]:
        kind = self._dice.choice([{}, {"kind": "number"}, {"kind": "odd"}])
        return {"type": "set_variable", "params": {"name": self._line(), "value": self._text(), **kind}}

    def _branch(self, depth: int) -> dict[str, Any]:
        row = {"left": self._line(), "operator": "at_least", **self._dice.choice([{}, {"right": "1"}])}
        return {
            "type": "if",
            "params": {"conditions": [row], **self._dice.choice([{}, {"match": "any"}])},
            "then": self.steps(depth + 1),
            **self._dice.choice([{}, {"else": self.steps(depth + 1), "on_error": "continue"}]),
        }

    def _strange(self, _depth: int) -> dict[str, Any]:
        return {"type": "dance", "params": {"tempo": self._dice.random(), "then": [None, True]}}

    def _text(self) -> str:
        return self._dice.choice(_TEXTS)

    def _line(self) -> str:
        return self._text().replace("\n", " ")

    @staticmethod
    def _some(values: dict[str, Any]) -> dict[str, Any]:
        return {key: value for key, value in values.items() if value not in (None, "")}


def send_back(desk: Desk, document: dict[str, Any]) -> dict[str, Any]:
    """Draw a document and read what a browser would send of it."""
    command_id = desk.add(**document)
    html = desk.get(f"{command_id}/").text
    raw = read_document(MultiDict(read_form(html)))
    return CommandDocument.model_validate(raw).to_json()


@pytest.mark.parametrize("document", CORPUS, ids=lambda document: document.name)
def test_every_demo_command_comes_back_as_it_was(desk: Desk, document: CommandDocument) -> None:
    assert send_back(desk, document.to_json()) == document.to_json()


@pytest.mark.parametrize("seed", range(25))
def test_any_steps_come_back_as_they_were(desk: Desk, seed: int) -> None:
    document = CommandDocument.model_validate(make_raw_command(steps=Author(seed).steps())).to_json()
    assert send_back(desk, document) == document


def test_every_rule_of_options_comes_back(desk: Desk) -> None:
    options = [
        {
            "name": "a",
            "type": "string",
            "description": "A",
            "required": True,
            "min_length": 0,
            "max_length": 9,
        },
        {"name": "b", "type": "integer", "description": "B", "choices": [{"name": "One", "value": 1}]},
        {"name": "c", "type": "number", "description": "C", "min_value": -0.5, "max_value": 1e3},
        {"name": "d", "type": "boolean", "description": "D"},
        {"name": "e", "type": "user", "description": "E"},
        {"name": "f", "type": "role", "description": "F"},
        {"name": "g", "type": "channel", "description": "G", "channel_types": ["text", "forum"]},
    ]
    document = make_raw_command(
        options=options, nsfw=True, default_member_permissions="123", contexts=["guild", "private_channel"]
    )
    assert send_back(desk, document) == CommandDocument.model_validate(document).to_json()
