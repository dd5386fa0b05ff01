"""What was found, in words for people."""

from typing import Final

from socialcube.domain.audit.types import Finding, FindingKind

_SENTENCES: Final = {
    FindingKind.ALTERED: "{entries} changed after {it_was} written",
    FindingKind.MISSING: "{entries} {is_are} missing",
    FindingKind.REORDERED: "{entries} {is_are} out of order",
    FindingKind.CUT: "The end is cut off: {entries} {is_are} gone",
    FindingKind.ADDED: "{entries} {it_was} added past the log",
    FindingKind.REWRITTEN: "{entries} {is_are} signed, but not what stood there before",
    FindingKind.ERASED: "Personal data were taken out of {entries}, and no erasure is noted",
    FindingKind.UNREADABLE: "{entries} cannot be checked: the key that signed is not in AUDIT_KEY",
}


def explain(finding: Finding) -> str:
    """Say a finding as one sentence."""
    is_one = finding.first == finding.last
    entries = f"Entry {finding.first:,}" if is_one else f"Entries {finding.first:,} to {finding.last:,}"
    sentence = _SENTENCES[finding.kind].format(
        entries=entries if not _is_inside(finding.kind) else entries[0].lower() + entries[1:],
        is_are="is" if is_one else "are",
        it_was=("it was" if is_one else "they were")
        if finding.kind is FindingKind.ALTERED
        else ("was" if is_one else "were"),
    )
    return f"{sentence} ({finding.note})." if finding.note else f"{sentence}."


def _is_inside(kind: FindingKind) -> bool:
    return not _SENTENCES[kind].startswith("{entries}")
