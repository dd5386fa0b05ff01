"""Places in a document as people say them: `Step 2 · Then 1 · Text` for `steps[1].then[0].params.text`."""

import re
from dataclasses import dataclass
from typing import Final

from socialcube.domain.commands.errors import CommandsInvalidError
from socialcube.engine.problems import Problem
from socialcube.web.pages.commands.forms.paths import anchor

_ITEM: Final = re.compile(r"([a-z_]+)\[(\d+)\]")
_WORDS: Final = {"steps": "Step", "options": "Option", "commands": "Command"}


@dataclass(frozen=True, slots=True)
class ProblemView:
    """One thing to mend, and where its element is."""

    place: str
    message: str
    anchor: str
    path: str


def view_problems(problems: tuple[Problem, ...] | list[Problem]) -> tuple[ProblemView, ...]:
    """Give problems for a list of links."""
    return tuple(
        ProblemView(say_place(problem.path), say(problem), anchor(problem.path), problem.path)
        for problem in problems
    )


def say(problem: Problem) -> str:
    """Give the sentence, with the line where it lies in a text of several."""
    return f"Line {problem.line}: {problem.message}" if (problem.line or 1) > 1 else problem.message


def by_place(problems: tuple[Problem, ...] | list[Problem]) -> dict[str, str]:
    """Give the sentences by their places."""
    found: dict[str, str] = {}
    for problem in problems:
        found[problem.path] = (
            f"{found[problem.path]} {say(problem)}" if problem.path in found else say(problem)
        )
    return found


def problems_of(error: CommandsInvalidError) -> tuple[ProblemView, ...]:
    """Give what a refused command or file is refused for."""
    return view_problems(error.problems)


def say_place(path: str) -> str:
    """Say a place; the document itself is `Command`."""
    parts = [part for part in path.split(".") if part != "params"]
    return " · ".join(_say_part(part) for part in parts) or "Command"


def _say_part(part: str) -> str:
    found = _ITEM.fullmatch(part)
    if not found:
        return part.replace("_", " ").capitalize()
    word = _WORDS.get(found[1], found[1].rstrip("s").replace("_", " ").capitalize())
    return f"{word} {int(found[2]) + 1}"
