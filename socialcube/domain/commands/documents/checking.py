"""The doors for raw commands: `check` lists everything that is wrong, `parse` gives a document."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from pydantic import ValidationError

from socialcube.domain.commands.documents.model import CommandDocument
from socialcube.domain.commands.documents.rules import check_rules
from socialcube.domain.commands.errors import CommandsInvalidError
from socialcube.engine import validate
from socialcube.engine.errors import DocumentInvalidError
from socialcube.engine.problems import Problem, join_path
from socialcube.engine.program import Program
from socialcube.engine.references import check_settings
from socialcube.engine.shape import check_shape
from socialcube.engine.wording import describe

_ENGINE_KEYS: Final = ("schema", "steps")


def check(raw: object, *, settings: Collection[str] | None = None) -> list[Problem]:
    """List everything that is wrong with a command, steps included. Never raises.

    Args:
        raw: what a JSON or YAML reader gave, or anything else.
        settings: names that may stand after `settings.` (`guilds.queries.list_setting_names`); None takes
            any, for a command that belongs to no bot yet.
    """
    program, problems = _examine(raw)
    if program is None or settings is None:
        return problems
    return [*problems, *check_settings(program, settings)]


def parse(raw: object, *, settings: Collection[str] | None = None) -> CommandDocument:
    """Read a command that keeps every rule. `settings` is as for `check`.

    Raises:
        CommandsInvalidError: it has problems; they are in `problems`.
    """
    document, program = compile_document(raw)
    if settings is not None and (problems := check_settings(program, settings)):
        raise CommandsInvalidError(problems)
    return document


def compile_document(raw: object) -> tuple[CommandDocument, Program]:
    """Read a command that keeps every rule, together with its compiled steps.

    Raises:
        CommandsInvalidError: it has problems; they are in `problems`.
    """
    program, problems = _examine(raw)
    if problems or program is None:
        raise CommandsInvalidError(problems)
    return CommandDocument.model_validate(raw), program


def canonical(document: CommandDocument) -> dict[str, Any]:
    """Give the one form that all ways of writing this command share, for digests and versions.

    Raises:
        DocumentInvalidError: its steps cannot run.
    """
    program = validate.parse(document.engine_part())
    return {**document.to_json(), **program.document.to_json()}


def _examine(raw: object) -> tuple[Program | None, list[Problem]]:
    problems = check_shape(raw)
    if problems:
        return None, problems
    if not isinstance(raw, dict):
        return None, [Problem("", "wrong_type", "A command is an object with name, description and steps.")]
    program, wrong_steps = _compile_steps(raw)
    # Several checks may stumble over one place: the first to say it is the one closest to the shape.
    found: dict[str, Problem] = {}
    for problem in (*_check_model(raw), *check_rules(raw), *wrong_steps):
        found.setdefault(problem.path, problem)
    return program, list(found.values())


def _compile_steps(raw: Mapping[str, Any]) -> tuple[Program | None, Sequence[Problem]]:
    try:
        return validate.parse(_engine_part(raw)), ()
    except DocumentInvalidError as error:
        return None, error.problems


def _check_model(raw: Mapping[str, Any]) -> Iterator[Problem]:
    try:
        CommandDocument.model_validate(raw)
    except ValidationError as error:
        for detail in error.errors(include_url=False, include_input=False):
            if detail["loc"][0] in _ENGINE_KEYS:
                continue
            code, message = describe(detail)
            sentence = "There is no such field here." if code == "unknown_field" else message
            yield Problem(join_path("", detail["loc"]), code, sentence)


def _engine_part(raw: Mapping[str, Any]) -> dict[str, Any]:
    return {key: raw[key] for key in _ENGINE_KEYS if key in raw}
