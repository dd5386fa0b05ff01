"""Words about the audit log and the chain through it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Final, Protocol
from uuid import UUID

Data = dict[str, object]

HEAD, START, GAP, ANCHORED = "head", "start", "gap", "anchor"

HEAD_BROKEN: Final = "audit.head_broken"
"""The action of an entry that says: the head that the next one follows is not what was written."""


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """One change as it was recorded.

    Attributes:
        id: the higher, the later its commit.
        actor: as `str(actor)`, like `user:<id>` or `cli:root`.
        action: what was done, like `bot.start`; `access.denied` when it was not allowed.
        before, after: what changed, redacted; None when there is nothing to say.
        request_id, address: of the web request, None outside the web.
        number: its place in the chain, without gaps; None for what is older than the chain.
        person_id: whose personal data stand in it, None when there are none.
        is_erased: whether personal data were taken out of it.
    """

    id: int
    event_id: UUID
    occurred_at: datetime
    actor: str
    action: str
    subject_kind: str
    subject_id: str
    bot_id: UUID | None
    before: Data | None
    after: Data | None
    request_id: str | None
    address: str | None
    number: int | None = None
    person_id: UUID | None = None
    is_erased: bool = False


class ChainedRow(Protocol):
    """A row with what the chain says about it: the columns of the table."""

    id: int
    event_id: UUID
    occurred_at: datetime
    actor: str
    action: str
    subject_kind: str
    subject_id: str
    bot_id: UUID | None
    before: Data | None
    after: Data | None
    request_id: str | None
    address: str | None
    address_salt: str | None
    address_digest: str | None
    person_id: UUID | None
    personal: Data | None
    personal_salt: str | None
    personal_digest: str | None
    number: int | None
    previous: bytes | None
    digest: bytes | None
    key_id: str | None


@dataclass(frozen=True, slots=True)
class Point:
    """A place of the chain that is remembered beside its rows.

    Attributes:
        kind: `head` is the newest entry; `start` is before the first one; `gap` stands for entries that were
            deleted since they were too old; `anchor` is the head as it was last written down elsewhere.
        first, last: numbers of the entries that it stands for; only a gap has more than one.
        row_id: id of the last of them; of the last row before the chain at its start.
        digest: of the last of them, 32 bytes.
    """

    kind: str
    first: int
    last: int
    row_id: int
    digest: bytes
    key_id: str
    seal: bytes
    made_at: datetime


@dataclass(frozen=True, slots=True)
class Anchor:
    """What was written down outside of the database.

    Attributes:
        chain: which chain, the first 8 hexadecimal digits of its start.
        number: of the newest entry then.
        digest: of that entry.
    """

    chain: str
    number: int
    digest: bytes


class FindingKind(StrEnum):
    """What can be wrong. Docs and the command line explain each."""

    ALTERED = "altered"
    MISSING = "missing"
    REORDERED = "reordered"
    CUT = "cut"
    ADDED = "added"
    REWRITTEN = "rewritten"
    ERASED = "erased"
    UNREADABLE = "unreadable"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was written.

    Attributes:
        first, last: numbers of the entries, the same for one.
        note: which part, or how it shows; may be empty.
    """

    kind: FindingKind
    first: int
    last: int
    note: str = ""


@dataclass(frozen=True, slots=True)
class Verification:
    """What a walk along the chain found.

    Attributes:
        checked: entries that were looked at.
        older: rows from before the chain, which nothing proves.
        first, last: numbers of the first and the last entry that are there, 0 for none.
        expired: entries that were deleted since they were too old, as is noted in the chain.
        erased: parts with personal data that were erased, as is noted in the chain.
        anchors: anchors that were compared.
        findings: the first ones; `counts` has them all.
        counts: how many entries each kind of finding is about.
        chain: which chain it is, empty when none has begun.
        digest: of the last entry, empty when there is none.
    """

    checked: int = 0
    older: int = 0
    first: int = 0
    last: int = 0
    expired: int = 0
    erased: int = 0
    anchors: int = 0
    findings: tuple[Finding, ...] = ()
    counts: Mapping[FindingKind, int] = field(default_factory=dict)
    chain: str = ""
    digest: str = ""

    @property
    def is_sound(self) -> bool:
        """Tell whether nothing speaks against it. What cannot be checked does not speak for it either."""
        return not self.counts

    @property
    def is_tampered(self) -> bool:
        """Tell whether something was changed, rather than only unreadable for want of a key."""
        return bool(self.counts.keys() - {FindingKind.UNREADABLE})
