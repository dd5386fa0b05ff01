"""Where rows stand in the chain: which numbers came, which are missing, which were deleted for their age."""

from collections.abc import Iterator, Sequence
from typing import Final

from socialcube.domain.audit.types import Finding, FindingKind, Point

_MAX_RANGES: Final = 1000


class Places:
    """Follows the numbers of rows that come in the order of their ids.

    Args:
        start: where the chain begins, None when that is not known.
        gaps: what was deleted since it was too old.

    Attributes:
        expired: entries that a gap stands for.
    """

    def __init__(self, start: Point | None, gaps: Sequence[Point]) -> None:
        self._gaps = sorted(gaps, key=lambda point: point.first)
        self._next = 1
        self._digest = start.digest if start else None
        self._missing: list[tuple[int, int]] = []
        self.expired = sum(point.last - point.first + 1 for point in gaps)

    @property
    def missing(self) -> Sequence[tuple[int, int]]:
        """Give the first and the last number of what did not come."""
        return self._missing

    @property
    def reach(self) -> int:
        """Give the number up to which it is known what became of each entry."""
        reach = self._next - 1
        for gap in self._gaps:
            if gap.first <= reach + 1 <= gap.last:
                reach = gap.last
        return reach

    def take(
        self, number: int, previous: bytes, digest: bytes, *, is_trusted: bool = True
    ) -> Iterator[Finding]:
        """Take the next row's place in. Gives what is wrong with it.

        What a row that is not trusted says about digests says nothing about its neighbours.
        """
        if number < self._next:
            yield self._take_late(number)
            return
        if number > self._next:
            self._digest = self._skip_to(number)
        if is_trusted and self._digest is not None and previous != self._digest:
            yield Finding(FindingKind.REWRITTEN, number, number, "it does not follow the one before it")
        self._next, self._digest = number + 1, digest if is_trusted else None

    def _take_late(self, number: int) -> Finding:
        for index, (first, last) in enumerate(self._missing):
            if first <= number <= last:
                self._missing[index : index + 1] = _without(first, last, number)
                return Finding(FindingKind.REORDERED, number, number)
        return Finding(FindingKind.ADDED, number, number, "its number is there twice")

    def _skip_to(self, number: int) -> bytes | None:
        """Note which numbers before this one are missing. Gives the digest before it, if that is known."""
        begin = self._next
        for gap in self._gaps:
            if gap.last < begin or gap.first >= number:
                continue
            self._miss(begin, gap.first - 1)
            begin = gap.last + 1
            if begin == number:
                return gap.digest
        self._miss(begin, number - 1)
        return None

    def _miss(self, first: int, last: int) -> None:
        if first > last:
            return
        if len(self._missing) < _MAX_RANGES:
            self._missing.append((first, last))
        else:
            # So much is wrong that the exact numbers no longer matter; that they are missing does.
            self._missing[-1] = (self._missing[-1][0], last)


def _without(first: int, last: int, number: int) -> list[tuple[int, int]]:
    return [part for part in ((first, number - 1), (number + 1, last)) if part[0] <= part[1]]
