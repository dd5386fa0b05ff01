"""A walk along the chain, a row at a time: tells apart what is altered, missing, out of order and cut off.

What it remembers does not grow with the log, only with what is wrong with it, and that is bounded.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from socialcube.domain.audit.policy.chain import is_sealed, is_signed, name_chain
from socialcube.domain.audit.policy.erasures import Erasures
from socialcube.domain.audit.policy.findings import Findings
from socialcube.domain.audit.policy.lost import Lost
from socialcube.domain.audit.policy.places import Places
from socialcube.domain.audit.types import (
    ANCHORED,
    GAP,
    HEAD,
    HEAD_BROKEN,
    START,
    Anchor,
    ChainedRow,
    Finding,
    FindingKind,
    Point,
    Verification,
)
from socialcube.kernel.signing import SigningKeys

_MAX_SUSPECTS: Final = 200


class Walk:
    """Checks rows in the order of their ids, then what is remembered beside them.

    Args:
        keys: that may have signed.
        points: what is remembered beside the rows, but for the head.
        anchors: what was written down elsewhere; those of another chain say that this is not the same log.
    """

    def __init__(self, keys: SigningKeys, points: Sequence[Point], anchors: Iterable[Anchor] = ()) -> None:
        gaps = [point for point in points if point.kind == GAP]
        self._keys = keys
        self._found = Findings()
        self._start = next((point for point in points if point.kind == START), None)
        self._chain = name_chain(self._start.digest) if self._start else ""
        self._places = Places(self._start, gaps)
        self._erasures = Erasures()
        self._lost = Lost(is_known=self._start is not None and is_sealed(keys, self._start))
        self._follows_lost = False
        self._suspects: list[ChainedRow] = []
        self._anchors: dict[int, bytes] = {}
        self._anchored = 0
        self._foreign: set[str] = set()
        self._checked = self._older = self._last = self._first = 0
        self._last_digest = b""
        for point in points:
            self._check_point(point)
        self._take_anchors(anchors, gaps)

    @property
    def last(self) -> int:
        """Give the greatest number that was seen."""
        return self._last

    def take(self, row: ChainedRow) -> None:
        """Look at the next row."""
        self._checked += 1
        if row.number is None or row.digest is None or row.previous is None:
            self._take_unchained(row)
            return
        number, digest, previous = row.number, row.digest, row.previous
        is_readable = self._keys.knows(row.key_id or "")
        is_trusted = not is_readable or is_signed(self._keys, row)
        if not is_readable:
            self._add(self._lost.take(number))
        elif is_trusted:
            self._add(self._lost.end())
            self._check_note(row, number)
        else:
            self._suspect(row, number)
        self._follows_lost = not is_readable
        self._add(self._erasures.take(row, number))
        for finding in self._places.take(number, previous, digest, is_trusted=is_trusted):
            # A signature covers the place too: a row with a good one stands where it should, and one without
            # is judged at the end.
            if finding.kind is not FindingKind.REORDERED or not is_readable:
                self._found.add(finding)
        if self._anchors.get(number, digest) != digest:
            self._found.add(Finding(FindingKind.REWRITTEN, number, number, "an anchor says otherwise"))
        self._first = self._first or number
        if number > self._last:
            self._last, self._last_digest = number, digest if is_trusted else b""

    def end(self, head: Point | None) -> Verification:
        """Look at what can only be told at the end, and give what was found.

        Args:
            head: as it was read after the last row.
        """
        if head is not None:
            self._check_point(head)
        # One key signs an entry and the head that names it.
        is_head_known = head is not None and head.last == self._last and is_sealed(self._keys, head)
        self._add(self._lost.end(is_known=is_head_known))
        if self._last and self._start is None:
            self._found.add(Finding(FindingKind.ALTERED, self._first, self._first, _NAMES[START]))
        self._judge_suspects()
        for first, last in self._places.missing:
            self._found.add(Finding(FindingKind.MISSING, first, last))
        self._check_end(head)
        self._add(self._erasures.end())
        return Verification(
            checked=self._checked,
            older=self._older,
            first=self._first,
            last=self._last,
            expired=self._places.expired,
            erased=self._erasures.count,
            anchors=len(self._anchors),
            findings=self._found.first,
            counts=self._found.counts,
            chain=self._chain,
            digest=self._last_digest.hex(),
        )

    def _add(self, findings: Iterable[Finding]) -> None:
        for finding in findings:
            self._found.add(finding)

    def _check_note(self, row: ChainedRow, number: int) -> None:
        """Tell again what a writer found at the end of the chain, unless the key of that was only lost."""
        if row.action == HEAD_BROKEN and not self._follows_lost:
            note = "when it was written, the head before it had been changed"
            self._found.add(Finding(FindingKind.ALTERED, number, number, note))

    def _take_anchors(self, anchors: Iterable[Anchor], gaps: Sequence[Point]) -> None:
        """Keep those that there is something to compare with: an entry, or the last one of a gap."""
        ends = {gap.last: gap.digest for gap in gaps}
        for anchor in anchors:
            number, digest = anchor.number, anchor.digest
            if anchor.chain != self._chain:
                self._foreign.add(anchor.chain)
                continue
            self._anchored = max(self._anchored, number)
            if any(gap.first <= number < gap.last for gap in gaps):
                continue
            if self._anchors.setdefault(number, digest) != digest:
                self._found.add(Finding(FindingKind.REWRITTEN, number, number, "two anchors differ"))
            elif ends.get(number, digest) != digest:
                self._found.add(Finding(FindingKind.REWRITTEN, number, number, "an anchor says otherwise"))

    def _check_point(self, point: Point) -> None:
        if not self._keys.knows(point.key_id):
            self._found.add(Finding(FindingKind.UNREADABLE, point.first, point.last, _NAMES[point.kind]))
        elif not is_sealed(self._keys, point):
            self._found.add(Finding(FindingKind.ALTERED, point.first, point.last, _NAMES[point.kind]))

    def _take_unchained(self, row: ChainedRow) -> None:
        if self._start is None or row.id <= self._start.row_id:
            self._older += 1
        else:
            self._found.add(Finding(FindingKind.ADDED, row.id, row.id, "by its id; it has no signature"))

    def _suspect(self, row: ChainedRow, number: int) -> None:
        if len(self._suspects) < _MAX_SUSPECTS:
            self._suspects.append(row)
        else:
            self._found.add(Finding(FindingKind.ALTERED, number, number))

    def _judge_suspects(self) -> None:
        """Tell rows that only changed places from those whose words changed: one fits a suspect's place."""
        places = [(row.number or 0, row.id) for row in self._suspects]
        for row, (own, own_id) in zip(self._suspects, places, strict=True):
            others = [*((own, row_id) for _, row_id in places), *((number, own_id) for number, _ in places)]
            has_moved = any(is_signed(self._keys, row, place) for place in others)
            kind = FindingKind.REORDERED if has_moved else FindingKind.ALTERED
            self._found.add(Finding(kind, own, own))

    def _check_end(self, head: Point | None) -> None:
        if self._foreign:
            note = f"anchors are of another chain: {', '.join(sorted(self._foreign)[:3])}"
            self._found.add(Finding(FindingKind.REWRITTEN, 1, max(self._last, 1), note))
        reach, known = self._places.reach, self._anchored
        end = max(known, head.last if head else 0)
        if end > reach:
            note = "an anchor names them" if known == end else "the head names them"
            self._found.add(Finding(FindingKind.CUT, reach + 1, end, note))
        elif reach and (head is None or head.last < reach):
            first = head.last + 1 if head else self._first
            self._found.add(Finding(FindingKind.ADDED, first, reach, "the head does not know them"))
        elif head is not None and self._last == head.last and self._last_digest not in {b"", head.digest}:
            self._found.add(Finding(FindingKind.ALTERED, head.last, head.last, _NAMES[HEAD]))


_NAMES: Final[Mapping[str, str]] = {
    HEAD: "the note of the newest entry",
    START: "the note of where the chain begins",
    GAP: "the note of what was deleted for its age",
    ANCHORED: "the note of the last anchor",
}
