"""Rows of keys that are not here: signed with a lost key, or altered by somebody who hides it so."""

from collections.abc import Iterator
from typing import Final

from socialcube.domain.audit.types import Finding, FindingKind

_MAX_RANGES: Final = 1000


class Lost:
    """Follows rows whose key is not known.

    Keys are exchanged once, and kept or lost. What stands between rows of known keys was not signed with a
    lost one: somebody wrote the name of another key there.

    Args:
        is_known: whether what the chain begins with was signed with a known key.
    """

    def __init__(self, *, is_known: bool) -> None:
        self._is_known = is_known
        self._ranges: list[tuple[int, int]] = []

    def take(self, number: int) -> Iterator[Finding]:
        """Take a row in whose key is not known. Gives a finding when there are too many to remember."""
        first = number
        if self._ranges and self._ranges[-1][1] + 1 == number:
            first = self._ranges.pop()[0]
        if len(self._ranges) < _MAX_RANGES:
            self._ranges.append((first, number))
        else:
            yield Finding(FindingKind.UNREADABLE, number, number)

    def end(self, *, is_known: bool = True) -> Iterator[Finding]:
        """Judge the rows so far, before something that was signed with a known key, or before the end."""
        is_between = self._is_known and is_known
        for first, last in self._ranges:
            if is_between:
                yield Finding(FindingKind.ALTERED, first, last, "its key is none of those around it")
            else:
                yield Finding(FindingKind.UNREADABLE, first, last)
        self._ranges.clear()
        self._is_known = True
