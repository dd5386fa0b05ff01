"""What a compiled program asks for by name, with the place of each."""

from collections.abc import Collection, Iterable, Iterator

from pydantic import BaseModel

from socialcube.engine.problems import Problem, join_path
from socialcube.engine.program import CompiledStep, Program
from socialcube.engine.template import Template


def check_settings(program: Program, known: Collection[str]) -> list[Problem]:
    """List the places where a program names a setting that no server has.

    Args:
        program: compiled, so its templates are known to parse.
        known: names of the settings.
    """
    return [
        Problem(path, "unknown_setting", _sentence(setting.name, known), setting.line, setting.column)
        for step in _walk(program.steps)
        for path, template in _find_templates(f"{step.path}.params", step.fields)
        for setting in template.settings
        if setting.name not in known
    ]


def _walk(steps: Iterable[CompiledStep]) -> Iterator[CompiledStep]:
    for step in steps:
        yield step
        for block in step.blocks.values():
            yield from _walk(block)


def _find_templates(path: str, value: object) -> Iterator[tuple[str, Template]]:
    if isinstance(value, Template):
        yield path, value
    elif isinstance(value, BaseModel):
        for name, item in value:
            yield from _find_templates(join_path(path, [name]), item)
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            yield from _find_templates(join_path(path, [index]), item)


def _sentence(name: str, known: Collection[str]) -> str:
    return f"There is no setting called `{name[:40]}`; there are {', '.join(sorted(known))}."
