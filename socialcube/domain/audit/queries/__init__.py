"""Reads of the audit log."""

from socialcube.domain.audit.queries.chain import (
    find_head,
    find_points,
    list_rows,
    name_of_chain,
)
from socialcube.domain.audit.queries.entries import (
    find_entry,
    latest_id,
    list_actions,
    list_before,
    list_recent,
    list_subject_kinds,
    to_entry,
)

__all__ = [
    "find_entry",
    "find_head",
    "find_points",
    "latest_id",
    "list_actions",
    "list_before",
    "list_recent",
    "list_rows",
    "list_subject_kinds",
    "name_of_chain",
    "to_entry",
]
