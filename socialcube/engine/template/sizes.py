"""How large values are and would become, told before the memory is taken."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from liquid.undefined import is_undefined

from socialcube.engine.errors import RenderSizeBudgetError
from socialcube.engine.template.limits import (
    MAX_DEPTH,
    MAX_INTEGER_BITS,
    MAX_ITEMS,
    MAX_UNIQ_ITEMS,
    MAX_VALUE,
)


def check_size(value: object) -> None:
    """Refuse a value that is too large to go on with.

    Raises:
        RenderSizeBudgetError: it has too many characters, items, digits or levels.
    """
    if type(value) is str:
        if len(value) > MAX_VALUE:
            raise _too_long(len(value))
        return
    _measure(value, 0)


def check_prediction(name: str, left: object, args: tuple[object, ...]) -> None:
    """Refuse a filter whose result would be too large. Filters that cannot grow their input always pass.

    Raises:
        RenderSizeBudgetError: the result would have too many characters or items.
    """
    predict = _PREDICTIONS.get(name)
    if predict:
        predict(left, *args)


def _measure(value: object, depth: int) -> int:
    if isinstance(value, str):
        return _within(len(value))
    if isinstance(value, int):
        if value.bit_length() > MAX_INTEGER_BITS:
            raise RenderSizeBudgetError(
                what="a number with too many digits", limit=f"{MAX_INTEGER_BITS} bits"
            )
        return 1
    if isinstance(value, Mapping):
        return _measure_all([*value.keys(), *value.values()], depth)
    if isinstance(value, list | tuple):
        return _measure_all(value, depth)
    return 1


def _measure_all(items: list[Any] | tuple[Any, ...], depth: int) -> int:
    _check_items(len(items))
    if depth >= MAX_DEPTH:
        raise RenderSizeBudgetError(what="a value with too many levels", limit=MAX_DEPTH)
    total = 0
    for item in items:
        total = _within(total + _measure(item, depth + 1))
    return total


def _within(characters: int) -> int:
    if characters > MAX_VALUE:
        raise _too_long(characters)
    return characters


def _too_long(characters: int) -> RenderSizeBudgetError:
    return RenderSizeBudgetError(what=f"a value of {characters:,} characters", limit=f"{MAX_VALUE:,}")


def _check_items(count: int, limit: int = MAX_ITEMS) -> None:
    if count > limit:
        raise RenderSizeBudgetError(what=f"a list of {count:,} items", limit=f"{limit:,}")


def _text(value: object) -> str:
    return "" if value is None or is_undefined(value) else str(value)


def _items(value: object) -> list[Any] | tuple[Any, ...] | range:
    return value if isinstance(value, list | tuple | range) else [value]


def _predict_replace(left: object, old: object = "", new: object = "", *_: object) -> None:
    text, before, after = _text(left), _text(old), _text(new)
    _within(len(text) + text.count(before) * (len(after) - len(before)))


def _predict_join(left: object, separator: object = " ", *_: object) -> None:
    # The filter flattens nested lists five levels deep, so every part of the value may get a separator.
    items = _items(left)
    _within(_measure(list(items), 0) + len(_text(separator)) * _count_parts(items))


def _predict_split(left: object, separator: object = "", *_: object) -> None:
    text, cut = _text(left), _text(separator)
    _check_items(text.count(cut) + 1 if cut else len(text))


def _predict_concat(left: object, other: object = (), *_: object) -> None:
    _check_items(len(_items(left)) + len(_items(other)))


def _predict_uniq(left: object, *_: object) -> None:
    _check_items(_count_parts(_items(left)), MAX_UNIQ_ITEMS)


def _count_parts(items: list[Any] | tuple[Any, ...] | range) -> int:
    return sum(_count_parts(item) if isinstance(item, list | tuple) else 1 for item in items)


_PREDICTIONS: Final[Mapping[str, Callable[..., None]]] = {
    "concat": _predict_concat,
    "join": _predict_join,
    "replace": _predict_replace,
    "split": _predict_split,
    "uniq": _predict_uniq,
}
