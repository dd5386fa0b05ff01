"""What a walk found: the first findings as they are, and all of them counted."""

from collections import Counter
from collections.abc import Mapping
from typing import Final

from socialcube.domain.audit.types import Finding, FindingKind

MAX_FINDINGS: Final = 100


class Findings:
    """Collects findings; one that goes on where the last one of its kind ended becomes a part of that one."""

    def __init__(self) -> None:
        self._counts: Counter[FindingKind] = Counter()
        self._kept: list[Finding] = []
        self._newest: dict[tuple[FindingKind, str], int] = {}

    @property
    def first(self) -> tuple[Finding, ...]:
        """Give the first ones."""
        return tuple(self._kept)

    @property
    def counts(self) -> Mapping[FindingKind, int]:
        """Give how many entries each kind is about."""
        return dict(self._counts)

    def add(self, finding: Finding) -> None:
        """Take one in."""
        self._counts[finding.kind] += finding.last - finding.first + 1
        key = (finding.kind, finding.note)
        place = self._newest.get(key)
        if place is not None and self._kept[place].last + 1 == finding.first:
            self._kept[place] = Finding(finding.kind, self._kept[place].first, finding.last, finding.note)
        elif len(self._kept) < MAX_FINDINGS:
            self._newest[key] = len(self._kept)
            self._kept.append(finding)
