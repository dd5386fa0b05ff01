"""A template as the hot path uses it: parsed once, immutable, rendered within its limits."""

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from typing import Final, Self

from liquid import BoundTemplate
from liquid.builtin.content import ContentNode
from liquid.output import LimitedStringIO

from socialcube.engine.errors import OutputTooLongError, TemplateTooLongError
from socialcube.engine.template.context import GuardedContext
from socialcube.engine.template.direct import Part, find_parts, join_parts
from socialcube.engine.template.failures import render_failure, syntax_error
from socialcube.engine.template.limits import MAX_OUTPUT_BYTES, MAX_SOURCE
from socialcube.engine.template.parsing import SettingName, find_settings, parse
from socialcube.kernel.text import UNSTORABLE

_MARKUP: Final = re.compile(r"\{[{%]")


@dataclass(frozen=True, slots=True)
class Rendered:
    """What a render gave.

    Attributes:
        text: the text, at most as long as the template allows.
        warnings: remarks for the author, like a name without a value.
    """

    text: str
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Template:
    """A parsed template.

    Attributes:
        source: what the author wrote.
        max_output: characters that the rendered text may have.
        least_output: characters that it has at least, whatever its values are.
        settings: what it asks for of the server's settings, each time it does.
    """

    source: str
    max_output: int
    least_output: int = field(compare=False)
    _bound: BoundTemplate | None = field(compare=False, repr=False)
    _parts: tuple[Part, ...] | None = field(compare=False, repr=False)
    settings: tuple[SettingName, ...] = field(default=(), compare=False)

    @classmethod
    def empty(cls) -> Self:
        """Give the template that writes nothing: what an optional text is when it is left out."""
        return cls("", 0, 0, None, None)

    @classmethod
    def compile(cls, source: str, max_output: int, names: Collection[str] = ()) -> Self:
        """Parse a template.

        Args:
            source: Liquid.
            max_output: characters that the rendered text may have.
            names: what the text may refer to; empty for anything.

        Raises:
            TemplateSyntaxError: it cannot be parsed, or names an unknown filter or value.
            TemplateTooLongError: the source, or its fixed text alone, is too long.
        """
        if len(source) > MAX_SOURCE:
            raise TemplateTooLongError(length=f"{len(source):,}", limit=f"{MAX_SOURCE:,}")
        if odd := UNSTORABLE.search(source):
            raise syntax_error("it contains a character that cannot be stored", source, odd.start())
        bound = parse(source, names) if _MARKUP.search(source) else None
        least = _fixed_length(bound) if bound else len(source)
        if least > max_output:
            raise TemplateTooLongError(length=f"{least:,}", limit=f"{max_output:,}")
        if bound is None:
            return cls(source, max_output, least, None, None)
        settings = find_settings(bound, source)
        return cls(source, max_output, least, bound, find_parts(bound.nodes), settings)

    def render(
        self, names: Mapping[str, object], *, seconds: float, monotonic: Callable[[], float]
    ) -> Rendered:
        """Fill in the values.

        Args:
            names: plain dicts, lists, strings, numbers and booleans by name.
            seconds: how long it may take.
            monotonic: clock for that, in seconds.

        Raises:
            RenderTimeBudgetError: it took too long.
            RenderSizeBudgetError: it made something too large on its way.
            OutputTooLongError: the text is longer than `max_output`.
            TemplateFailedError: anything else that a template can do wrong.
        """
        if self._bound is None:
            return Rendered(self.source)
        short = join_parts(self._parts, names) if self._parts else None
        if short is not None and len(short) <= self.max_output:
            return Rendered(short)
        return self._render(self._bound, names, seconds, monotonic)

    def _render(
        self,
        bound: BoundTemplate,
        names: Mapping[str, object],
        seconds: float,
        monotonic: Callable[[], float],
    ) -> Rendered:
        context = GuardedContext(bound, names, seconds=seconds, monotonic=monotonic)
        buffer = LimitedStringIO(limit=MAX_OUTPUT_BYTES)
        try:
            for node in bound.nodes:
                context.at = node.token
                node.render(context, buffer)
        except Exception as error:
            raise render_failure(error, self.source, context.at) from error
        text = buffer.getvalue()
        if len(text) > self.max_output:
            raise OutputTooLongError(length=f"{len(text):,}", limit=f"{self.max_output:,}")
        return Rendered(text, tuple(context.warnings))


def _fixed_length(bound: BoundTemplate) -> int:
    return sum(len(node.text) for node in bound.nodes if isinstance(node, ContentNode))
