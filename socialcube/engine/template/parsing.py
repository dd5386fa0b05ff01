"""Parses a template and refuses what could never work."""

from collections.abc import Collection
from typing import Final, NamedTuple

from liquid import BoundTemplate

from socialcube.engine.template.environment import ENVIRONMENT, FILTERS
from socialcube.engine.template.failures import parse_failure, syntax_error

_SETTINGS: Final = "settings"


class SettingName(NamedTuple):
    """A setting of the server that a template asks for by name.

    Attributes:
        line: in the template, counted from 1.
        column: in the template, counted from 1.
    """

    name: str
    line: int
    column: int


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


def find_settings(bound: BoundTemplate, source: str) -> tuple[SettingName, ...]:
    """Find the settings that a template names, like `welcome` in `settings.welcome`.

    A name that is worked out while it renders, like `settings[options.which]`, cannot be known before.
    """
    if _SETTINGS not in source:
        return ()
    found = bound.analyze(include_partials=False).globals.get(_SETTINGS, ())
    return tuple(
        _place(variable.segments[1], source, variable.span.index)
        for variable in found
        if len(variable.segments) > 1 and isinstance(variable.segments[1], str)
    )


def _place(name: str, source: str, index: int) -> SettingName:
    return SettingName(name, source.count("\n", 0, index) + 1, index - source.rfind("\n", 0, index))
