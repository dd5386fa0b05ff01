"""Problems that services name by a path, like `options[0].name`, told at the fields of a form."""

from collections.abc import Iterable, Iterator

from wtforms import Field, FieldList

from socialcube.engine.problems import Problem
from socialcube.web.admin.forms.base import PanelForm


def tell_problems(form: PanelForm, problems: Iterable[Problem]) -> None:
    """Put each problem at its field; what has none in this form goes to the summary."""
    fields = {field.name: field for field in _fields_of(form)}
    for problem in problems:
        field = fields.get(problem.path.replace("[", "-").replace("].", "-").replace("]", ""))
        if field is not None and not isinstance(field, FieldList):
            field.errors = [*field.errors, problem.message]
        else:
            form.problems.append(f"{problem.path}: {problem.message}" if problem.path else problem.message)


def _fields_of(form: PanelForm) -> Iterator[Field]:
    for field in form:
        yield field
        if isinstance(field, FieldList):
            for entry in field.entries:
                yield from entry
