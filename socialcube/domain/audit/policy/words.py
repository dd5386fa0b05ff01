"""What was found, in words for people."""

from collections.abc import Iterator
from typing import Final

from socialcube.domain.audit.types import Finding, FindingKind, Verification

_MEANINGS: Final = {
    FindingKind.ALTERED: ("Altered", "What stands there is not what was written."),
    FindingKind.MISSING: ("Missing", "What stood there was deleted, and not for its age."),
    FindingKind.REORDERED: ("Out of order", "It was written in another order."),
    FindingKind.CUT: ("Cut off", "The log once went on to there."),
    FindingKind.ADDED: ("Added", "Something other than Social Cube wrote it, or wrote it twice."),
    FindingKind.REWRITTEN: ("Rewritten", "It is signed with the key, and something else stood there before."),
    FindingKind.ERASED: ("Erased", "Personal data are gone, and no erasure is noted."),
    FindingKind.UNREADABLE: ("Cannot be checked", "The key that signed is not in AUDIT_KEY or SECRET_KEY."),
}


def explain(finding: Finding) -> str:
    """Say a finding as a line."""
    title, meaning = _MEANINGS[finding.kind]
    is_one = finding.first == finding.last
    entries = f"entry {finding.first:,}" if is_one else f"entries {finding.first:,} to {finding.last:,}"
    note = f" ({finding.note})" if finding.note else ""
    return f"{title}: {entries}{note}. {meaning}"


def summarise(found: Verification) -> Iterator[str]:
    """Say the whole result in sentences, the findings last."""
    if not found.chain and not found.findings:
        yield "No entry is chained yet: the chain begins with the next change."
        return
    verdict = "Every entry is as it was written" if found.is_sound else _bad_verdict(found)
    span = f"entries {found.first:,} to {found.last:,} of chain {found.chain}" if found.last else "no entries"
    yield f"{verdict}: {span}."
    if found.anchors:
        yield f"{_count(found.anchors, 'anchor')} from outside the database {_was(found.anchors)} compared."
    else:
        yield "No anchor was compared, so an end that somebody cut off might not show."
    if found.older:
        yield f"{_count(found.older, 'older row')} from before the chain cannot be checked."
    if found.expired:
        yield f"{_count(found.expired, 'entry', 'entries')} {_was(found.expired)} deleted for age, as noted."
    if found.erased:
        yield f"{_count(found.erased, 'personal part')} {_was(found.erased)} erased."
    yield from map(explain, found.findings)
    if sum(found.counts.values()) > sum(each.last - each.first + 1 for each in found.findings):
        yield "There is more of this; only the first findings are listed."


def to_result(found: Verification) -> dict[str, object]:
    """Write what was found as JSON, for the panel and for programs."""
    return {
        "is_sound": found.is_sound,
        "is_tampered": found.is_tampered,
        "checked": found.checked,
        "first": found.first,
        "last": found.last,
        "older": found.older,
        "expired": found.expired,
        "erased": found.erased,
        "anchors": found.anchors,
        "chain": found.chain,
        "digest": found.digest,
        "counts": {kind.value: count for kind, count in found.counts.items()},
        "findings": [explain(finding) for finding in found.findings],
    }


def _bad_verdict(found: Verification) -> str:
    return "The log was changed" if found.is_tampered else "Some entries cannot be checked"


def _count(number: int, one: str, many: str = "") -> str:
    return f"{number:,} {one if number == 1 else many or f'{one}s'}"


def _was(number: int) -> str:
    return "was" if number == 1 else "were"
