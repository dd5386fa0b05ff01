"""A walk along the chain, a row at a time: tells apart what is altered, missing, out of order and cut off.

What it remembers does not grow with the log, only with what is wrong with it, and that is bounded.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final
from uuid import UUID

from socialcube.domain.audit.policy.chain import body_of, is_sealed, link, name_chain
from socialcube.domain.audit.policy.findings import Findings
from socialcube.domain.audit.policy.personal import digest_of
from socialcube.domain.audit.policy.places import Places
from socialcube.domain.audit.types import (
    GAP,
    HEAD,
    START,
    Anchor,
    ChainedRow,
    Finding,
    FindingKind,
    Point,
    Verification,
)
from socialcube.kernel.ids import read_id
from socialcube.kernel.signing import SigningKeys

PERSON_ERASED: Final = "person.erase"
_MAX_SUSPECTS: Final = 200


class Walk:
    """Checks rows in the order of their ids, then what is remembered beside them.

    Args:
        keys: that may have signed.
        points: what is remembered beside the rows, but for the head.
        anchors: what was written down elsewhere; those of another chain say that this is not the same log.
    """

    def __init__(self, keys: SigningKeys, points: Sequence[Point], anchors: Iterable[Anchor] = ()) -> None:
        self._keys = keys
        self._found = Findings()
        self._start = next((point for point in points if point.kind == START), None)
        self._places = Places(self._start, [point for point in points if point.kind == GAP])
        self._anchors = list(anchors)
        self._digests = {anchor.number: anchor.digest for anchor in self._anchors if self._is_ours(anchor)}
        self._suspects: list[ChainedRow] = []
        self._unrecorded: dict[UUID, int] = {}
        self._checked = self._older = self._erased = self._last = self._first = 0
        self._last_digest = b""
        for point in points:
            self._check_point(point)

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
        is_readable = self._keys.knows(row.key_id)
        is_trusted = not is_readable or self._is_signed(row, row.number, row.id)
        if not is_readable:
            self._found.add(Finding(FindingKind.UNREADABLE, row.number, row.number))
        elif not is_trusted:
            self._suspect(row)
        self._check_personal(row)
        for finding in self._places.take(row.number, row.previous, row.digest, is_trusted=is_trusted):
            # A signature covers the place too: a row with a good one stands where it should, and one without
            # is judged at the end.
            if finding.kind is not FindingKind.REORDERED or not is_readable:
                self._found.add(finding)
        self._compare(row.number, row.digest)
        self._first = self._first or row.number
        if row.number > self._last:
            self._last, self._last_digest = row.number, row.digest if is_trusted else b""

    def end(self, head: Point | None) -> Verification:
        """Look at what can only be told at the end, and give what was found.

        Args:
            head: as it was read after the last row.
        """
        if head is not None:
            self._check_point(head)
        if self._last and self._start is None:
            self._found.add(Finding(FindingKind.ALTERED, self._first, self._first, _NAMES[START]))
        self._judge_suspects()
        for first, last in self._places.missing:
            self._found.add(Finding(FindingKind.MISSING, first, last))
        self._check_end(head)
        for number in self._unrecorded.values():
            self._found.add(Finding(FindingKind.ERASED, number, number))
        return Verification(
            checked=self._checked,
            older=self._older,
            first=self._first,
            last=self._last,
            expired=self._places.expired,
            erased=self._erased,
            anchors=len(self._digests),
            findings=self._found.first,
            counts=self._found.counts,
            chain=name_chain(self._start.digest) if self._start else "",
            digest=self._last_digest.hex(),
        )

    def _is_ours(self, anchor: Anchor) -> bool:
        return self._start is not None and anchor.chain == name_chain(self._start.digest)

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

    def _is_signed(self, row: ChainedRow, number: int, row_id: int) -> bool:
        return self._keys.check(
            row.key_id, row.digest, link(row.previous, number, row_id, body_of(row.values))
        )

    def _suspect(self, row: ChainedRow) -> None:
        if len(self._suspects) < _MAX_SUSPECTS:
            self._suspects.append(row)
        else:
            self._found.add(Finding(FindingKind.ALTERED, row.number, row.number))

    def _judge_suspects(self) -> None:
        """Tell rows that only changed places from those whose words changed: one fits a suspect's place."""
        places = {(row.number, row.id) for row in self._suspects}
        for row in self._suspects:
            others = [
                *((row.number, row_id) for _, row_id in places),
                *((number, row.id) for number, _ in places),
            ]
            has_moved = any(self._is_signed(row, *place) for place in others)
            kind = FindingKind.REORDERED if has_moved else FindingKind.ALTERED
            self._found.add(Finding(kind, row.number, row.number))

    def _check_personal(self, row: ChainedRow) -> None:
        """Compare what is personal with its digests; what was erased has to be noted later on."""
        values = row.values
        actor_kind, _, actor_id = row.actor.partition(":")
        author = read_id(actor_id) if actor_kind == "user" else None
        for name, person in (("address", author), ("personal", row.person_id)):
            value, salt, digest = (values[part] for part in (name, f"{name}_salt", f"{name}_digest"))
            if value is None and digest is not None:
                self._note_erased(row.number, person)
            elif value is not None and (salt is None or digest_of(salt, value) != digest):
                self._found.add(Finding(FindingKind.ALTERED, row.number, row.number, _NAMES[name]))
        if row.action == PERSON_ERASED and (erased := read_id(row.subject_id)):
            self._unrecorded.pop(erased, None)

    def _note_erased(self, number: int, person: UUID | None) -> None:
        self._erased += 1
        if person is None:
            self._found.add(Finding(FindingKind.ERASED, number, number))
        else:
            self._unrecorded[person] = number

    def _compare(self, number: int, digest: bytes) -> None:
        anchored = self._digests.get(number)
        if anchored is not None and anchored != digest:
            self._found.add(Finding(FindingKind.REWRITTEN, number, number, "an anchor says otherwise"))

    def _check_end(self, head: Point | None) -> None:
        foreign = {anchor.chain for anchor in self._anchors} - (
            {name_chain(self._start.digest)} if self._start else set()
        )
        if foreign:
            note = f"anchors are of another chain: {', '.join(sorted(foreign)[:3])}"
            self._found.add(Finding(FindingKind.REWRITTEN, 1, max(self._last, 1), note))
        reach, known = self._places.reach, max(self._digests, default=0)
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
    "address": "where it came from",
    "personal": "its personal data",
    HEAD: "the note of the newest entry",
    START: "the note of where the chain begins",
    GAP: "the note of what was deleted for its age",
    "anchor": "the note of the last anchor",
}
