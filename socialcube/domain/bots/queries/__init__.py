"""Reads of bots: those that are here, those that were deleted, and what is sealed in their rows."""

from socialcube.domain.bots.queries.deleted import find_deleted, is_deleted, list_deleted
from socialcube.domain.bots.queries.health import list_latency, list_shards
from socialcube.domain.bots.queries.reading import (
    EVERY_BOT,
    count_bots,
    find_avatar,
    find_banner,
    find_bot,
    find_bot_by_name,
    get_bot,
    list_bots,
    list_bots_after,
    list_commands_digests,
    list_identities,
    list_launches,
    list_names,
    list_presences,
    list_tags,
    list_wanted,
)
from socialcube.domain.bots.queries.sealed import list_sealed

__all__ = [
    "EVERY_BOT",
    "count_bots",
    "find_avatar",
    "find_banner",
    "find_bot",
    "find_bot_by_name",
    "find_deleted",
    "get_bot",
    "is_deleted",
    "list_bots",
    "list_bots_after",
    "list_commands_digests",
    "list_deleted",
    "list_identities",
    "list_latency",
    "list_launches",
    "list_names",
    "list_presences",
    "list_sealed",
    "list_shards",
    "list_tags",
    "list_wanted",
]
