"""Looks at raw input before anything else does: is it JSON data of bearable size? Never raises."""

import json
import math
from typing import Final

from socialcube.engine.problems import Problem, join_path
from socialcube.engine.spec import MAX_DOCUMENT_BYTES
from socialcube.kernel.text import UNSTORABLE

_MAX_DEPTH: Final = 40
_MAX_KEY: Final = 60
_MAX_INTEGER: Final = 2**63 - 1

_TOO_LARGE: Final = Problem(
    "",
    "too_large",
    f"The document is larger than {MAX_DOCUMENT_BYTES // 1024} KB. Split it into several commands.",
)


def check_shape(raw: object) -> list[Problem]:
    """List what keeps a value from being JSON data of at most 64 KB. Empty when all is well.

    It walks without recursion and stops once there is too much, so depth, cycles and size cannot hurt it.
    """
    problems: list[Problem] = []
    characters = 0
    stack: list[tuple[str, object, int]] = [("", raw, 0)]
    while stack:
        path, value, depth = stack.pop()
        characters += _length(value)
        if characters > MAX_DOCUMENT_BYTES:
            return [_TOO_LARGE]
        if depth > _MAX_DEPTH:
            return [Problem(path, "too_deep", f"The values are nested more than {_MAX_DEPTH} levels deep.")]
        message = _complaint(value)
        if message:
            problems.append(Problem(path, "not_json", message))
        else:
            stack.extend((place, child, depth + 1) for place, child in _children(path, value))
    return problems or _check_bytes(raw)


def _length(value: object) -> int:
    """Give at least the characters that a value and its keys take as JSON, without looking into it."""
    if type(value) is dict:
        return 2 + sum(4 + len(key) if isinstance(key, str) else 4 for key in value)
    if type(value) is list:
        return 2 + len(value)
    return len(value) if isinstance(value, str) else 1


def _children(path: str, value: object) -> list[tuple[str, object]]:
    """Give what a container holds, last first, so that a stack gives it back in order."""
    if type(value) is dict:
        return [(join_path(path, [key[:_MAX_KEY]]), child) for key, child in reversed(value.items())]
    if type(value) is list:
        return [(join_path(path, [index]), child) for index, child in reversed(list(enumerate(value)))]
    return []


def _complaint(value: object) -> str:
    if type(value) is dict:
        fine = all(type(key) is str and not UNSTORABLE.search(key) for key in value)
        return "" if fine else "Every key must be text."
    if type(value) is str:
        return "The text contains a character that cannot be stored." if UNSTORABLE.search(value) else ""
    if type(value) is float:
        return "" if math.isfinite(value) else "This number is not finite."
    if type(value) is int:
        return "" if abs(value) <= _MAX_INTEGER else "This number is too large; write it as text."
    if value is None or type(value) in {bool, list}:
        return ""
    return f"A value of the kind {type(value).__name__[:_MAX_KEY]} does not exist in JSON; write it as text."


def _check_bytes(raw: object) -> list[Problem]:
    size = len(json.dumps(raw, ensure_ascii=False, separators=(",", ":")).encode())
    return [_TOO_LARGE] if size > MAX_DOCUMENT_BYTES else []
