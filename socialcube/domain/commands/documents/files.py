"""Files of commands: YAML in, YAML out, and what goes out comes in again as it was."""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

import yaml

from socialcube.domain.commands.documents.checking import check
from socialcube.domain.commands.documents.model import CommandDocument
from socialcube.domain.commands.documents.reading import read_yaml, resolve
from socialcube.domain.commands.errors import CommandsInvalidError
from socialcube.engine.problems import Problem

MAX_PROBLEMS: Final = 100
"""Listed at once. A file with more than this is not mended by reading on."""

_WIDTH: Final = 110
_RARE_BREAK: Final = re.compile("[\r\x85\u2028\u2029\ufeff]")


def parse_yaml(source: str | bytes) -> list[CommandDocument]:
    """Read a file with one command, or with several under `commands:`.

    Raises:
        CommandsInvalidError: there are problems; all of them are in `problems`, each with its place,
            like `commands[1].options[0].name`.
    """
    data, problems = read_yaml(source)
    commands = [] if problems else list(_split(data))
    problems = problems or list(_check_all(data, commands))
    if problems:
        raise CommandsInvalidError(problems[:MAX_PROBLEMS])
    return [CommandDocument.model_validate(raw) for _, raw in commands]


def to_yaml(documents: Iterable[CommandDocument]) -> str:
    """Write commands as a file that `parse_yaml` reads back to the same documents."""
    return write_yaml({"commands": [document.to_json() for document in documents]})


def write_yaml(data: object) -> str:
    """Write plain data so that `read_yaml` gives it back."""
    return yaml.dump(data, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=_WIDTH)


class _Dumper(yaml.SafeDumper):
    """Writes no aliases, since none are read, and long texts as blocks."""

    def ignore_aliases(self, data: Any) -> bool:
        del data
        return True


def _represent_text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=_style_of(text))


def _style_of(text: str) -> str | None:
    # PyYAML 6.0.3 writes rare line breaks as they are in other styles, and they come back as spaces.
    if _RARE_BREAK.search(text):
        return '"'
    if "\n" in text:
        return "|"
    # By itself PyYAML quotes what YAML 1.1 takes for a number; we read more as one, like `0E0`.
    return None if resolve(text) == text else "'"


_Dumper.add_representer(str, _represent_text)


def _split(data: object) -> Iterator[tuple[str, object]]:
    """Give each command with its place in the file."""
    if not isinstance(data, dict) or "commands" not in data:
        yield "", data
    elif isinstance(data["commands"], list):
        yield from ((f"commands[{index}]", raw) for index, raw in enumerate(data["commands"]))


def _check_all(data: object, commands: list[tuple[str, object]]) -> Iterator[Problem]:
    if data is None:
        yield Problem("", "empty", "The file is empty. Write a command, or several under `commands:`.")
        return
    if isinstance(data, dict) and "commands" in data:
        yield from _check_list(data)
    places: dict[str, str] = {}
    for place, raw in commands:
        yield from (_move(problem, place) for problem in check(raw))
        name = raw.get("name") if isinstance(raw, dict) else None
        if isinstance(name, str) and places.setdefault(name, place) != place:
            yield Problem(f"{place}.name", "duplicate", f"{places[name]} has this name already.")


def _check_list(data: dict[str, object]) -> Iterator[Problem]:
    if not isinstance(data["commands"], list) or not data["commands"]:
        yield Problem("commands", "wrong_type", "This must be a list of commands.")
    for key in data:
        if key != "commands":
            yield Problem(
                key[:40], "unknown_field", "Beside `commands` there is nothing else in such a file."
            )


def _move(problem: Problem, place: str) -> Problem:
    if not place:
        return problem
    joint = "." if problem.path and not problem.path.startswith("[") else ""
    path = f"{place}{joint}{problem.path}"
    return Problem(path, problem.code, problem.message, problem.line, problem.column)
