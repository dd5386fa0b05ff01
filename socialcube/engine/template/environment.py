"""The one Liquid environment: its tags and filters are chosen by name, everything else does not exist."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from liquid import Environment
from liquid.builtin import content, illegal
from liquid.builtin.filters import array, math, misc, string
from liquid.builtin.tags import assign_tag, capture_tag, case_tag, for_tag, if_tag, unless_tag
from liquid.exceptions import LiquidError

from socialcube.engine.template import limits
from socialcube.engine.template.dates import date
from socialcube.engine.template.lexer import tokenize
from socialcube.engine.template.output import GuardedOutput
from socialcube.engine.template.ranges import GuardedRanges

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from liquid import Token

# Not here on purpose: include, render and extends load files; cycle keeps the text of its arguments for
# each turn; liquid, tablerow, ifchanged, doc and the counters are of no use in a message. Raw and comments
# are the lexer's.
_TAGS: Final = (
    content.Literal,
    GuardedOutput,
    illegal.Illegal,
    assign_tag.AssignTag,
    capture_tag.CaptureTag,
    case_tag.CaseTag,
    for_tag.ForTag,
    for_tag.BreakTag,
    for_tag.ContinueTag,
    if_tag.IfTag,
    unless_tag.UnlessTag,
)

# Not here on purpose: everything that writes or strips HTML, which Discord does not read.
FILTERS: Final[Mapping[str, Callable[..., object]]] = {
    "abs": math.abs_,
    "append": string.append,
    "at_least": math.at_least,
    "at_most": math.at_most,
    "base64_decode": string.base64_decode,
    "base64_encode": string.base64_encode,
    "capitalize": string.capitalize,
    "ceil": math.ceil,
    "compact": array.compact,
    "concat": array.concat,
    "date": date,
    "default": misc.default,
    "divided_by": math.divided_by,
    "downcase": string.downcase,
    "find": array.find,
    "first": array.first,
    "floor": math.floor,
    "has": array.has,
    "join": array.join,
    "last": array.last,
    "lstrip": string.lstrip,
    "map": array.map_,
    "minus": math.minus,
    "modulo": math.modulo,
    "plus": math.plus,
    "prepend": string.prepend,
    "reject": array.reject,
    "remove": string.remove,
    "remove_first": string.remove_first,
    "remove_last": string.remove_last,
    "replace": string.replace,
    "replace_first": string.replace_first,
    "replace_last": string.replace_last,
    "reverse": array.reverse,
    "round": math.round_,
    "rstrip": string.rstrip,
    "size": misc.size,
    "slice": string.slice_,
    "sort": array.sort,
    "sort_natural": array.sort_natural,
    "split": string.split,
    "squish": string.squish,
    "strip": string.strip,
    "strip_newlines": string.strip_newlines,
    "sum": array.sum_,
    "times": math.times,
    "truncate": string.truncate,
    "truncatewords": string.truncatewords,
    "uniq": array.uniq,
    "upcase": string.upcase,
    "url_decode": string.url_decode,
    "url_encode": string.url_encode,
    "where": array.where,
}


class GuardedEnvironment(GuardedRanges, Environment):
    """Liquid with every documented limit set (they are off by default) and no way to a file."""

    block_nesting_limit = limits.MAX_BLOCK_NESTING
    context_depth_limit = limits.MAX_CONTEXT_DEPTH
    loop_iteration_limit = limits.MAX_RANGE
    local_namespace_limit = limits.MAX_LOCALS_BYTES
    output_stream_limit = limits.MAX_OUTPUT_BYTES

    def setup_tags_and_filters(self, *, extra: bool = False) -> None:  # noqa: ARG002 - the library's signature
        """Register what is listed above and nothing else."""
        for tag in _TAGS:
            self.add_tag(tag)
        self.filters.update(FILTERS)

    def error(
        self, exc: type[LiquidError] | LiquidError, msg: str | None = None, token: Token | None = None
    ) -> None:
        """Raise the error; one that knows no place gets that of the markup it arose in."""
        if isinstance(exc, LiquidError) and exc.token and exc.token.start_index < 0:
            exc.token = token or exc.token
        super().error(exc, msg, token)

    def tokenizer(self) -> Callable[[str], Iterator[Token]]:
        """Give our lexer in place of the library's."""
        return tokenize


ENVIRONMENT: Final = GuardedEnvironment()
