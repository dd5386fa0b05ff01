"""What is wrong with a document, each with its place."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to mend.

    Attributes:
        path: where, like `steps[0].then[1].params.embed.title`; empty for the document itself.
        code: stable name of the kind of problem.
        message: a sentence for the author.
        line: line of the template, counted from 1, when it lies inside one.
        column: column of the template, counted from 1.
    """

    path: str
    code: str
    message: str
    line: int | None = None
    column: int | None = None


def join_path(base: str, parts: Iterable[str | int]) -> str:
    """Write a place as people read it: names with dots, positions in brackets."""
    path = base
    for part in parts:
        path += f"[{part}]" if isinstance(part, int) else f".{part}" if path else part
    return path
