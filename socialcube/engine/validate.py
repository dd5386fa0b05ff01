"""The two doors for raw documents: `check` lists everything that is wrong, `parse` gives a program."""

from socialcube.engine.compiler import Compiler
from socialcube.engine.errors import DocumentInvalidError
from socialcube.engine.problems import Problem
from socialcube.engine.program import Program, link
from socialcube.engine.shape import check_shape


def check(raw: object) -> list[Problem]:
    """List everything that is wrong with a document, in its order. Empty when it can run. Never raises.

    Args:
        raw: what `json.loads` or a YAML reader gave, or anything else.
    """
    return _compile(raw)[1]


def parse(raw: object) -> Program:
    """Compile a document.

    Raises:
        DocumentInvalidError: it has problems; they are in `problems`.
    """
    program, problems = _compile(raw)
    if program is None:
        raise DocumentInvalidError(problems)
    return program


def _compile(raw: object) -> tuple[Program | None, list[Problem]]:
    problems = check_shape(raw)
    if problems:
        return None, problems
    compiler = Compiler()
    document, steps = compiler.compile(raw)
    if compiler.problems:
        return None, compiler.problems
    return link(document, steps), []
