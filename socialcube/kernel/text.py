"""Text from outside, made fit to be stored and shown: no control characters, no secrets, no floods."""

import math
import re
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any, Final

from socialcube.kernel.secrets import MASK, Secret, is_secret_key, mask_text

CUT: Final = "…"
UNSTORABLE: Final = re.compile("[\ud800-\udfff\0]")
"""What PostgreSQL cannot store in a text: NUL, and halves of surrogate pairs."""

# Longer than any token that mask_text knows, so that a cut never leaves half of one unmasked.
_MARGIN: Final = 200
# Shorter than any token.
_HARMLESS: Final = 24
_MAX_DEPTH: Final = 8
_MAX_ITEMS: Final = 100
_MAX_KEY: Final = 100
_MAX_STRING: Final = 2000
_MAX_CHARACTERS: Final = 16_000
_MAX_INTEGER_BITS: Final = 63

_ANSI: Final = re.compile(r"\x1b(?:\[[0-?]*[ -/]*[@-~]|\][^\x07\x1b]*(?:\x07|\x1b\\)?|[@-Z\\-_])")
# Controls, line and paragraph separators, bidirectional overrides, and halves of surrogate pairs.
_UNFIT: Final = "\x00-\x08\x0b-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufeff"
_UNFIT_IN_LINE: Final = re.compile(f"[\t\n{_UNFIT}]+")
_UNFIT_IN_LINES: Final = re.compile(f"[{_UNFIT}]+")
_LINE_BREAK: Final = re.compile("\r\n?|[\u0085\u2028\u2029]")


def one_line(text: str, limit: int) -> str:
    """Give at most `limit` characters on one line, with secrets masked."""
    if len(text) <= min(limit, _HARMLESS) and text.isprintable():
        return text
    text = mask_text(text[: limit + _MARGIN])
    if not text.isprintable():
        text = _UNFIT_IN_LINE.sub(" ", _ANSI.sub("", text)).strip()
    return _cut(text, limit)


def is_one_line(text: str) -> bool:
    """Tell whether a text is free of line breaks, other controls and marks that turn its direction."""
    return _UNFIT_IN_LINE.search(text) is None


def many_lines(text: str, limit: int) -> str:
    """Give at most `limit` characters in which line feeds and tabs are all that is left of controls."""
    if len(text) <= min(limit, _HARMLESS) and text.isprintable():
        return text
    text = mask_text(text[: limit + _MARGIN])
    if not text.isprintable():
        text = _UNFIT_IN_LINES.sub("", _LINE_BREAK.sub("\n", _ANSI.sub("", text)))
    return _cut(text, limit)


def printable(value: object) -> str:
    """Write a value as text in which what a terminal would act on is escaped: controls, direction marks."""
    return "".join(
        character if character.isprintable() else ascii(character)[1:-1] for character in str(value)
    )


def plain_data(value: object) -> object:
    """Make a redacted copy of JSON-like data that every JSON store takes and that has a sane size.

    Depth, items and characters are bounded; what is left out shows as `…`. What JSON does not know
    becomes text.
    """
    return _Bounds().copy(value, _MAX_DEPTH)


class _Bounds:
    """Copies data until the room for one field is used up."""

    def __init__(self) -> None:
        self._room = _MAX_CHARACTERS

    def copy(self, value: object, depth: int) -> object:
        self._room -= 1
        kind = type(value)
        if kind is str:
            return self._text(str(value), _MAX_STRING)
        if value is None or kind is bool:
            return value
        # The usual types are asked for first: to ask for any kind of mapping costs ten times as much.
        if kind is dict or kind is list:
            return self._container(value, depth)
        if isinstance(value, int):
            return int(value) if value.bit_length() <= _MAX_INTEGER_BITS else CUT
        if isinstance(value, float):
            return float(value) if math.isfinite(value) else str(value)
        return self._container(value, depth)

    def _container(self, value: Any, depth: int) -> object:
        if type(value) is dict or isinstance(value, Mapping):
            return self._mapping(value, depth) if depth else CUT
        if isinstance(value, list | tuple | set | frozenset):
            return self._list(value, depth) if depth else CUT
        return MASK if isinstance(value, Secret) else self._text(str(value), _MAX_STRING)

    def _list(self, value: Iterable[object], depth: int) -> list[object]:
        items: list[object] = []
        for item in value:
            if len(items) == _MAX_ITEMS or self._room <= 0:
                return [*items, CUT]
            items.append(self.copy(item, depth - 1))
        return items

    def _mapping(self, value: Mapping[object, object], depth: int) -> dict[str, object]:
        copied: dict[str, object] = {}
        for key, item in value.items():
            if len(copied) == _MAX_ITEMS or self._room <= 0:
                copied[CUT] = CUT
                break
            name, is_secret = _clean_key(key) if type(key) is str and len(key) <= _MAX_KEY else _read_key(key)
            self._room -= len(name)
            copied[name] = MASK if is_secret else self.copy(item, depth - 1)
        return copied

    def _text(self, text: str, limit: int) -> str:
        if len(text) <= _HARMLESS and len(text) <= self._room and text.isprintable():
            self._room -= len(text)
            return text
        kept = many_lines(text, min(limit, max(self._room, 1)))
        self._room -= len(kept)
        return kept


def _read_key(key: object) -> tuple[str, bool]:
    """Give a key as it is stored, and whether what stands under it is a secret."""
    name = many_lines(str(key), _MAX_KEY)
    return name, is_secret_key(name)


# What is logged has the same few keys again and again: fields of traces, names of options.
_clean_key: Final = lru_cache(1024)(_read_key)


def _cut(text: str, limit: int) -> str:
    return text if len(text) <= limit else text[: limit - 1] + CUT
