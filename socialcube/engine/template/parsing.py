"""Parses a template and refuses what could never work."""

from collections.abc import Collection

from liquid import BoundTemplate

from socialcube.engine.template.environment import ENVIRONMENT, FILTERS
from socialcube.engine.template.failures import parse_failure, syntax_error


def parse(source: str, names: Collection[str]) -> BoundTemplate:
    """Parse a template.

    Args:
        source: Liquid.
        names: what it may refer to; empty for anything.

    Raises:
        TemplateSyntaxError: it cannot be parsed, or names a filter or a value that does not exist.
    """
    try:
        bound = ENVIRONMENT.from_string(source)
        analysis = bound.analyze(include_partials=False)
    except Exception as error:
        raise parse_failure(error, source) from error
    for name, spans in analysis.filters.items():
        if name not in FILTERS:
            raise syntax_error(f"there is no filter called `{name}`", source, spans[0].index)
    for name, variables in analysis.globals.items():
        # A name that a later turn of a loop assigns is no mistake: `{% assign all = all | append: "," %}`.
        if names and name not in names and name not in analysis.locals:
            reason = f"there is nothing called `{name}`; there are {', '.join(sorted(names))}"
            raise syntax_error(reason, source, variables[0].span.index)
    return bound
