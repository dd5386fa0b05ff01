"""Reads of commands: drafts, what is live, and how it compares with the platform."""

from socialcube.domain.commands.queries.marks import Mark, list_marks
from socialcube.domain.commands.queries.plans import (
    count_created,
    count_drift,
    find_look,
    list_live_keys,
    list_needs,
    permissions_in,
)
from socialcube.domain.commands.queries.reading import (
    draft_of,
    find_command,
    find_version_document,
    get_command,
    get_draft,
    list_by_id,
    list_commands,
    list_commands_after,
    list_published,
    list_published_by_bot,
    list_published_keys,
    list_published_keys_by_bot,
    list_registrations,
    list_versions,
)

__all__ = [
    "Mark",
    "count_created",
    "count_drift",
    "draft_of",
    "find_command",
    "find_look",
    "find_version_document",
    "get_command",
    "get_draft",
    "list_by_id",
    "list_commands",
    "list_commands_after",
    "list_live_keys",
    "list_marks",
    "list_needs",
    "list_published",
    "list_published_by_bot",
    "list_published_keys",
    "list_published_keys_by_bot",
    "list_registrations",
    "list_versions",
    "permissions_in",
]
