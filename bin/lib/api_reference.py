"""Writes docs/reference/api.md from the OpenAPI document that the API serves."""

from pathlib import Path
from typing import Final

from flask import Flask

from socialcube.web.api import blueprint, views
from socialcube.web.api.document import make_document
from socialcube.web.api.showing import (
    FieldLine,
    OperationLine,
    ShapeLine,
    list_groups,
    list_problems,
    list_shapes,
)

PAGE: Final = Path(__file__).resolve().parents[2] / "docs" / "reference" / "api.md"
PUBLIC_URL: Final = "https://panel.example.org"

_HEAD: Final = """\
# API

<!-- Made by `make docs` from the routes and shapes in socialcube/web/api/. -->

{introduction}

Every panel shows this page at `/api/v1/`, and the OpenAPI 3.1 document at `/api/v1/openapi.json`. How to
begin: [the guide](../guides/api.md).
"""


def api_page() -> str:
    """Give the whole page."""
    views.load()
    app = Flask("reference")
    app.register_blueprint(blueprint.v1)
    document = make_document(app, PUBLIC_URL)
    parts = [_HEAD.format(introduction=document["info"]["description"])]
    for tag, lines in list_groups(document):
        parts += [f"## {tag}\n", *map(_operation, lines)]
    parts += ["## Shapes\n", *map(_shape, list_shapes(document))]
    parts += ["## Refusals\n", _problems()]
    return "\n".join(parts)


def _operation(line: OperationLine) -> str:
    needed = f"The key needs `{line.permission}`." if line.permission else "Any key may ask this."
    parts = [
        f"### {line.summary}\n",
        f"`{line.method} /api/v1{line.path}`\n",
        f"{line.description} {needed} Answers {line.status} with [{line.shape}](#{line.shape.lower()}).\n",
    ]
    if line.parameters:
        parts.append(_table(line.parameters))
    return "\n".join(parts)


def _shape(shape: ShapeLine) -> str:
    body = (
        _table(shape.fields)
        if shape.fields
        else f"One of {', '.join(f'`{word}`' for word in shape.words)}.\n"
    )
    return "\n".join([f"### {shape.name}\n", f"{shape.description}\n", body])


def _table(lines: list[FieldLine]) -> str:
    rows = [f"| `{line.name}` | {line.kind} | {line.description} |" for line in lines]
    return "\n".join(["| name | kind | what it is |", "| --- | --- | --- |", *rows, ""])


def _problems() -> str:
    rows = [f"| {each.status} | `{each.code}` | {each.detail} |" for each in list_problems()]
    lead = "Each has the shape [Problem](#problem). These come most often:\n"
    return "\n".join([lead, "| status | code | what it says |", "| --- | --- | --- |", *rows, ""])
