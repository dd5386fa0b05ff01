"""Refuses a long range before anything walks it, in guarded environments only.

`{% if (1..20000000000) contains 'a' %}` walks the range in one C call that no signal interrupts. The
library builds `RangeLiteral` by name wherever one is parsed (python-liquid 2.3.6,
builtin/expressions/primitive.py) and offers no hook, so its evaluation is replaced once, and passes to the
original in everyone else's environments.
"""

from typing import TYPE_CHECKING

from liquid.builtin.expressions.primitive import RangeLiteral

from socialcube.engine.errors import RenderSizeBudgetError
from socialcube.engine.template.limits import MAX_RANGE

if TYPE_CHECKING:
    from liquid import RenderContext

_original_evaluate = RangeLiteral.evaluate


class GuardedRanges:
    """Marks an environment in which ranges are bounded."""


def _evaluate(self: RangeLiteral, context: "RenderContext") -> range:
    # A range object holds three numbers, however long it is: making it is free, only walking it is not.
    made = _original_evaluate(self, context)
    length = made.stop - made.start
    if isinstance(context.env, GuardedRanges) and length > MAX_RANGE:
        raise RenderSizeBudgetError(what=f"a range of {length:,} numbers", limit=f"{MAX_RANGE:,}")
    return made


RangeLiteral.evaluate = _evaluate  # type: ignore[method-assign] # the library offers no hook, see above
