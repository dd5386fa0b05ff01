"""Reads of the audit log."""

from socialcube.domain.audit.queries.chain import (
    find_head,
    find_points,
    list_rows,
    name_of_chain,
)
from socialcube.domain.audit.queries.entries import (
    latest_id,
    list_about,
    list_actors_of,
    list_before,
    list_changes_of,
    list_recent,
    to_entry,
)
from socialcube.domain.audit.queries.pages import count_up_to, list_newer, list_older

__all__ = [
    "count_up_to",
    "find_head",
    "find_points",
    "latest_id",
    "list_about",
    "list_actors_of",
    "list_before",
    "list_changes_of",
    "list_newer",
    "list_older",
    "list_recent",
    "list_rows",
    "name_of_chain",
    "to_entry",
]
