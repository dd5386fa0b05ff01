"""Places in a document, written as problems write them: `steps[0].then[1].params.text`.

The fields of the editor are named by these places, so what is wrong finds its field by itself.
"""

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from socialcube.kernel.errors import InvalidInputError

_PART: Final = re.compile(r"\.?(@?[a-z_][a-z0-9_]{0,59})|\[(\d{1,3})\]")
_MAX_PARTS: Final = 60

Part = str | int


def split(path: str) -> tuple[Part, ...]:
    """Take a place apart.

    Raises:
        InvalidInputError: it is none.
    """
    parts: list[Part] = []
    position = 0
    while position < len(path):
        found = _PART.match(path, position)
        if not found or len(parts) == _MAX_PARTS:
            raise InvalidInputError(reason="a field of the form has a name that no place in a command has")
        parts.append(found[1] or int(found[2]))
        position = found.end()
    return tuple(parts)


def nest(pairs: Iterable[tuple[str, str]]) -> dict[Part, Any]:
    """Put flat fields together to one tree. Positions stay keys, so that gaps do no harm.

    Raises:
        InvalidInputError: a name is no place, or one place is both a value and a holder of values.
    """
    tree: dict[Part, Any] = {}
    for name, value in pairs:
        *way, last = split(name) or ("",)
        holder = tree
        for part in way:
            holder = holder.setdefault(part, {})
            if not isinstance(holder, dict):
                raise InvalidInputError(reason="two fields of the form contradict each other")
        if isinstance(holder.get(last), dict):
            raise InvalidInputError(reason="two fields of the form contradict each other")
        holder[last] = value
    return tree


def find(document: Any, path: str) -> Any:
    """Give the value at a place, None where there is nothing.

    Raises:
        InvalidInputError: it is no place.
    """
    value = document
    for part in split(path):
        if isinstance(part, int):
            value = value[part] if isinstance(value, list) and part < len(value) else None
        else:
            value = value.get(part) if isinstance(value, Mapping) else None
    return value


def anchor(path: str) -> str:
    """Give the id of the element that stands for a place."""
    return "at-" + re.sub(r"[^A-Za-z0-9_]+", "-", path).strip("-")
