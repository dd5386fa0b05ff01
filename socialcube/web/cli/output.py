"""How commands print: aligned tables, JSON lines, and nothing that could drive the terminal."""

import json
from collections.abc import Iterable, Mapping, Sequence

import click

from socialcube.kernel.text import printable


def print_table(head: Sequence[str], rows: Iterable[Sequence[object]]) -> None:
    """Print rows under their heads, columns aligned, no blanks at line ends."""
    cells = [tuple(map(str, head)), *(tuple(map(printable, row)) for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for line in cells:
        words = (word.ljust(width) for word, width in zip(line, widths, strict=True))
        click.echo("  ".join(words).rstrip())


def print_json(value: object) -> None:
    """Print one JSON value on one line. Ids and times are text, as in the API."""
    click.echo(json.dumps(value, ensure_ascii=True, default=str))


def describe_fields(fields: Mapping[str, object]) -> str:
    """Write fields as `name=value` on one line."""
    return " ".join(f"{name}={printable(value)}" for name, value in fields.items())
