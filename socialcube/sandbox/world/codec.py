"""Records to JSON and back, checked by their own annotations."""

import types
from dataclasses import MISSING, Field, fields, is_dataclass
from datetime import datetime
from functools import cache
from typing import Any, Union, get_args, get_origin, get_type_hints


def encode(value: object) -> Any:
    """Give what `json.dumps` can write for a record or a time; meant as its `default`."""
    if is_dataclass(value) and not isinstance(value, type):
        return {field.name: getattr(value, field.name) for field in fields(value)}
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(type(value).__name__)


def decode(kind: Any, value: Any) -> Any:
    """Build a value of an annotated type from parsed JSON.

    Raises:
        ValueError: the JSON does not fit; the message says where.
    """
    if is_dataclass(kind) and isinstance(kind, type):
        return _record(kind, value)
    origin, inner = get_origin(kind), get_args(kind)
    if origin in {Union, types.UnionType}:
        return _union(inner, value)
    if origin is list:
        return [decode(inner[0], item) for item in _expect(list, value)]
    if origin is dict:
        return {_key(inner[0], key): decode(inner[1], item) for key, item in _expect(dict, value).items()}
    return _plain(kind, value)


def _record(kind: Any, value: Any) -> Any:
    sent, hints = _expect(dict, value), _hints(kind)
    if not sent.keys() <= hints.keys():
        raise ValueError(f"{kind.__name__} has unknown parts")
    missing = {field.name for field in fields(kind) if _is_required(field)} - sent.keys()
    if missing:
        raise ValueError(f"{kind.__name__} lacks {min(missing)}")
    return kind(**{name: decode(hints[name], item) for name, item in sent.items()})


def _union(kinds: tuple[Any, ...], value: Any) -> Any:
    for kind in kinds:
        try:
            return decode(kind, value)
        except ValueError:
            continue
    raise ValueError(f"{type(value).__name__} does not fit")


def _plain(kind: Any, value: Any) -> Any:
    if kind is Any:
        return value
    if kind is types.NoneType and value is None:
        return None
    if kind is datetime:
        return datetime.fromisoformat(_expect(str, value))
    if kind is float:
        return float(_expect((int, float), value))
    if isinstance(value, bool) and kind is not bool:
        raise ValueError("true or false does not fit")
    return _expect(kind, value)


def _expect(kind: Any, value: Any) -> Any:
    if not isinstance(value, kind):
        raise ValueError(f"{type(value).__name__} does not fit")  # noqa: TRY004 - one error for all misfits
    return value


def _key(kind: Any, key: str) -> Any:
    return int(key) if kind is int else key


def _is_required(field: Field[Any]) -> bool:
    return field.default is MISSING and field.default_factory is MISSING


@cache
def _hints(kind: Any) -> dict[str, Any]:
    return get_type_hints(kind)
