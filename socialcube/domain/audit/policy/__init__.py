"""Rules of the audit log: what is personal, how rows are chained, and what a walk along them tells."""

from socialcube.domain.audit.policy.actions import ACTIONS, SUBJECTS, describe_action, describe_subject
from socialcube.domain.audit.policy.anchors import read_anchors, write_anchor
from socialcube.domain.audit.policy.chain import SIGNED, body_of, is_sealed, is_signed, link, name_chain, seal
from socialcube.domain.audit.policy.changes import WHERE, Change, list_changes
from socialcube.domain.audit.policy.personal import (
    PERSONAL_KEYS,
    commit,
    is_personal,
    merge,
    person_of,
    split,
)
from socialcube.domain.audit.policy.walk import Walk
from socialcube.domain.audit.policy.words import explain, summarise, to_result

__all__ = [
    "ACTIONS",
    "PERSONAL_KEYS",
    "SIGNED",
    "SUBJECTS",
    "WHERE",
    "Change",
    "Walk",
    "body_of",
    "commit",
    "describe_action",
    "describe_subject",
    "explain",
    "is_personal",
    "is_sealed",
    "is_signed",
    "link",
    "list_changes",
    "merge",
    "name_chain",
    "person_of",
    "read_anchors",
    "seal",
    "split",
    "summarise",
    "to_result",
    "write_anchor",
]
