"""The render context that watches every node, every look-up and every filter of one render."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

from liquid import RenderContext
from liquid.exceptions import LiquidTypeError
from liquid.utils import ReadOnlyChainMap

from socialcube.engine.errors import RenderTimeBudgetError
from socialcube.engine.template.limits import MAX_WARNINGS
from socialcube.engine.template.sizes import check_prediction, check_size

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from liquid import BoundTemplate, Token

_KEYWORDS: Final = frozenset({"allow_false"})

# The others turn a list into text where they expect a text, `map` even once for each item of its input.
_TAKE_LISTS: Final = frozenset({"concat", "default"})


class GuardedContext(RenderContext):
    """One render: its names, its deadline and what it remarked.

    Attributes:
        at: the token that was looked at last, which tells where a refusal happened.
        warnings: remarks for the author, at most `MAX_WARNINGS`.
    """

    __slots__ = ("_deadline", "_monotonic", "_seconds", "at", "warnings")

    def __init__(
        self,
        template: BoundTemplate,
        names: Mapping[str, object],
        *,
        seconds: float,
        monotonic: Callable[[], float],
    ) -> None:
        self._monotonic = monotonic
        self._seconds = seconds
        self._deadline = monotonic() + seconds
        self.at: Token | None = None
        self.warnings: list[str] = []
        super().__init__(template, globals=names)
        # Without the library's own names: its `now` and `today` read the clock behind our back.
        self.scope = ReadOnlyChainMap(self.locals, names)

    @property
    def disabled_tags(self) -> list[str]:
        """Give no tags, and check the deadline: every node asks this before it renders (liquid/ast.py).

        Loops need it, and so does `{% case 1 %}{% when 1, 1, 1 %}`, which renders its block once per match:
        nested, that is exponential without any loop.
        """
        self.tick()
        return []

    @disabled_tags.setter
    def disabled_tags(self, value: list[str]) -> None:
        """Take what the library's constructor sets."""

    def tick(self) -> None:
        """Check the deadline.

        Raises:
            RenderTimeBudgetError: the render took too long.
        """
        if self._monotonic() > self._deadline:
            raise RenderTimeBudgetError(limit=self._seconds)

    def warn(self, remark: str) -> None:
        """Leave a remark for the author."""
        if len(self.warnings) < MAX_WARNINGS:
            self.warnings.append(remark)

    def get(self, path: list[object], *, token: Token | None, **options: Any) -> object:
        """Resolve a path like `user.name`; what does not exist becomes an undefined value."""
        self.at = token or self.at
        return super().get(path, token=token, **options)

    def filter(self, name: str, token: Token | None) -> Callable[..., object]:
        """Give the filter of that name inside its guard."""
        self.at = token or self.at
        return partial(_apply, self, name, super().filter(name, token))


def _apply(
    context: GuardedContext,
    name: str,
    call: Callable[..., object],
    left: object,
    /,
    *args: object,
    **kwargs: object,
) -> object:
    context.tick()
    if not kwargs.keys() <= _KEYWORDS:
        raise LiquidTypeError(f"{name}: there is no such named argument", token=None)
    if name not in _TAKE_LISTS and any(isinstance(arg, list | tuple | dict) for arg in args):
        raise LiquidTypeError(f"{name}: it takes texts and numbers, not a list", token=None)
    check_size(left)
    check_size(args)
    check_prediction(name, left, args)
    result = call(left, *args, **kwargs)
    check_size(result)
    return result
