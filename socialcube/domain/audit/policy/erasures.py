"""What is personal in rows, compared with its digests: unchanged, changed, or erased and noted so."""

from collections.abc import Iterator
from typing import Final
from uuid import UUID

from socialcube.domain.audit.policy.personal import digest_of
from socialcube.domain.audit.types import ChainedRow, Finding, FindingKind
from socialcube.kernel.ids import read_id

PERSON_ERASED: Final = "person.erase"
"""The action of the entry that notes an erasure. It comes after all that it erased."""


class Erasures:
    """Follows what was erased until the entry that says so.

    Attributes:
        count: parts that are gone.
    """

    def __init__(self) -> None:
        self._unnoted: dict[UUID, int] = {}
        self.count = 0

    def take(self, row: ChainedRow, number: int) -> Iterator[Finding]:
        """Look at the personal parts of a row. Gives what is wrong with them."""
        parts = (
            ("where it came from", row.address, row.address_salt, row.address_digest),
            ("its personal data", row.personal, row.personal_salt, row.personal_digest),
        )
        for name, value, salt, digest in parts:
            if value is None and digest is None:
                continue
            if value is None:
                yield from self._note(number, row.person_id if name == parts[1][0] else _author_of(row))
            elif salt is None or digest_of(salt, value) != digest:
                yield Finding(FindingKind.ALTERED, number, number, name)
        if row.action == PERSON_ERASED and (erased := read_id(row.subject_id)):
            self._unnoted.pop(erased, None)

    def end(self) -> Iterator[Finding]:
        """Give what was erased without a note."""
        for number in self._unnoted.values():
            yield Finding(FindingKind.ERASED, number, number)

    def _note(self, number: int, person: UUID | None) -> Iterator[Finding]:
        self.count += 1
        if person is None:
            yield Finding(FindingKind.ERASED, number, number)
        else:
            self._unnoted[person] = number


def _author_of(row: ChainedRow) -> UUID | None:
    kind, _, key = row.actor.partition(":")
    if kind == "key":
        return row.person_id
    return read_id(key) if kind == "user" else None
