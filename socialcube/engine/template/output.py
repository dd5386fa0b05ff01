"""How values become text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, TextIO

from liquid.builtin.output import Output, OutputNode
from liquid.undefined import is_undefined

from socialcube.engine.template.context import GuardedContext
from socialcube.engine.template.sizes import check_size

if TYPE_CHECKING:
    from collections.abc import Callable

    from liquid import RenderContext


class GuardedOutputNode(OutputNode):
    """Writes `{{ … }}`. What is unknown writes nothing and leaves a remark."""

    def render_to_output(self, context: RenderContext, buffer: TextIO) -> int:
        """Write the value of the expression to the buffer."""
        value = self.expression.evaluate(context)
        check_size(value)
        text = to_text(value)
        if (
            not text
            and isinstance(context, GuardedContext)
            and (is_undefined(value) or isinstance(value, dict))
        ):
            context.warn(_remark(str(self.expression), known=not is_undefined(value)))
        return buffer.write(text)


class GuardedOutput(Output):
    """The pseudo tag for `{{ … }}`."""

    node_class = GuardedOutputNode


def to_text(value: object) -> str:
    """Give the text of a value that a template may hold; of anything else, nothing.

    A group of values becomes its mention or its name, so that `{{ options.member }}` says whom it means.
    """
    write = _WRITERS.get(type(value))
    return write(value) if write else ""


def _text_of_group(group: dict[str, object]) -> str:
    for key in ("mention", "name"):
        text = group.get(key)
        if isinstance(text, str):
            return text
    return ""


def _remark(expression: str, *, known: bool) -> str:
    if known:
        return f"`{expression}` is a group of values and wrote nothing; pick one, like `{expression}.id`."
    return f"`{expression}` has no value, so it wrote nothing."


_WRITERS: Final[dict[type, Callable[[Any], str]]] = {
    bool: lambda value: str(value).lower(),
    dict: _text_of_group,
    float: str,
    int: str,
    list: lambda items: "".join(map(to_text, items)),
    range: lambda numbers: f"{numbers.start}..{numbers.stop - 1}",
    str: str,
    tuple: lambda items: "".join(map(to_text, items)),
}
