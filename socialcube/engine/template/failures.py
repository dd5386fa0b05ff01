"""Translates whatever python-liquid raises into errors of ours, each with its place in the template."""

import re
from collections.abc import Mapping
from typing import Final

from liquid import Token
from liquid.exceptions import (
    ContextDepthError,
    LiquidError,
    LiquidInterrupt,
    LocalNamespaceLimitError,
    LoopIterationLimitError,
    OutputStreamLimitError,
)

from socialcube.engine.errors import (
    EngineError,
    RenderSizeBudgetError,
    TemplateFailedError,
    TemplateSyntaxError,
)
from socialcube.engine.template.limits import (
    MAX_CONTEXT_DEPTH,
    MAX_LOCALS_BYTES,
    MAX_OUTPUT_BYTES,
    MAX_RANGE,
)

_MAX_REASON: Final = 200

# What the parser says to `options.limit`; an option may well be called that.
_KEYWORD: Final = re.compile(
    "expected an identifier, found (and|as|blank|cols|contains|continue|else|empty|false|for|if|in|limit"
    "|nil|not|null|offset|or|required|reversed|true|with)"
)

# The library's own limits, in the words of ours.
_LIBRARY_LIMITS: Final[Mapping[type[Exception], tuple[str, str]]] = {
    ContextDepthError: ("too many loops inside each other", f"{MAX_CONTEXT_DEPTH} scopes"),
    LocalNamespaceLimitError: ("names that hold too much", f"{MAX_LOCALS_BYTES:,} bytes"),
    LoopIterationLimitError: ("loops that turn too often", f"{MAX_RANGE:,} turns"),
    OutputStreamLimitError: ("too long a text", f"{MAX_OUTPUT_BYTES:,} bytes"),
}


def render_failure(error: Exception, source: str, at: Token | None) -> EngineError:
    """Give the error of ours for what a render raised.

    Args:
        error: what was raised.
        source: the template.
        at: the token that was looked at last, for errors that know no place.
    """
    failure: EngineError
    if isinstance(error, EngineError):
        failure = error
    elif type(error) in _LIBRARY_LIMITS:
        what, limit = _LIBRARY_LIMITS[type(error)]
        failure = RenderSizeBudgetError(what=what, limit=limit)
    else:
        failure = TemplateFailedError(reason=_reason(error))
    index = _index(error, at)
    if index >= 0:
        failure.line = _position(source, index)[0]
    return failure


def parse_failure(error: Exception, source: str) -> TemplateSyntaxError:
    """Give the error of ours for what parsing raised. What knows no place is missing at the end."""
    return syntax_error(_reason(error), source, _index(error, None))


def syntax_error(reason: str, source: str, index: int) -> TemplateSyntaxError:
    """Make a syntax error at an index of the source; a negative one is the end."""
    return TemplateSyntaxError(reason, *_position(source, index if index >= 0 else len(source)))


def _index(error: Exception, at: Token | None) -> int:
    token = (error.token if isinstance(error, LiquidError) else None) or at
    return token.start_index if token else -1


def _reason(error: Exception) -> str:
    if isinstance(error, LiquidInterrupt):
        return f"`{error}` stands outside a loop"
    if isinstance(error, RecursionError) or isinstance(error.__cause__, RecursionError):
        return "it is too deeply nested"
    if isinstance(error, LiquidError):
        reason = str(error.message)[:_MAX_REASON]
        keyword = _KEYWORD.fullmatch(reason)
        return (
            f"`{keyword[1]}` is a word of Liquid; after a name write ['{keyword[1]}']" if keyword else reason
        )
    return f"a value did not fit ({type(error).__name__})"


def _position(source: str, index: int) -> tuple[int, int]:
    """Give line and column, both counted from 1."""
    before = source[:index]
    return before.count("\n") + 1, index - (before.rfind("\n") + 1) + 1
