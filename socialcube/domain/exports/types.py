"""What can be exported."""

from dataclasses import dataclass, fields
from enum import StrEnum
from typing import Any, Final
from uuid import UUID

from socialcube.domain.access.types import Permission
from socialcube.domain.logs.types import RECORD_TYPES, Stream

MAX_FILE_BYTES: Final = 64 * 1024 * 1024
"""A file stands in the database; what is larger opens in no spreadsheet either."""


class Source(StrEnum):
    """A list that a person can see, and so take away."""

    COMMAND_LOG = "logs.commands"
    BOT_LOG = "logs.bots"
    REQUEST_LOG = "logs.requests"
    ERROR_LOG = "logs.errors"
    AUDIT = "audit"
    BOTS = "bots"
    COMMANDS = "commands"
    SERVERS = "servers"
    PEOPLE = "people"


STREAMS: Final = {
    Source.COMMAND_LOG: Stream.COMMANDS,
    Source.BOT_LOG: Stream.BOTS,
    Source.REQUEST_LOG: Stream.REQUESTS,
    Source.ERROR_LOG: Stream.ERRORS,
}

PERMISSIONS: Final = {
    Source.COMMAND_LOG: Permission.LOG_EXPORT,
    Source.BOT_LOG: Permission.LOG_EXPORT,
    Source.ERROR_LOG: Permission.LOG_EXPORT,
    # Requests and changes belong to no bot: they tell what colleagues did.
    Source.REQUEST_LOG: Permission.SYSTEM_VIEW,
    Source.AUDIT: Permission.SITE_ADMIN,
    Source.PEOPLE: Permission.SITE_ADMIN,
    Source.BOTS: Permission.BOT_VIEW,
    Source.COMMANDS: Permission.COMMAND_VIEW,
    Source.SERVERS: Permission.GUILD_VIEW,
}
"""What taking a list away asks for. It is held on bots, or on the site where a list belongs to none."""


@dataclass(frozen=True, slots=True)
class ExportFile:
    """A file that can be fetched."""

    job_id: UUID
    name: str
    size: int


def _log_columns(record_type: type[Any]) -> tuple[str, ...]:
    return tuple(field.name for field in fields(record_type))


COLUMNS: Final[dict[Source, tuple[str, ...]]] = {
    **{source: _log_columns(RECORD_TYPES[stream]) for source, stream in STREAMS.items()},
    Source.AUDIT: (
        *("occurred_at", "who", "did", "subject_kind", "subject_id", "changes", "bot", "address"),
        *("request_id", "number", "actor", "action", "bot_id", "before", "after"),
    ),
    Source.BOTS: (
        *("name", "id", "external_id", "description", "tags", "state", "reason", "servers"),
        *("latency_ms", "created_at", "updated_at"),
    ),
    Source.COMMANDS: (
        *("bot", "name", "description", "is_active", "published_version", "has_draft", "updated_at", "id"),
        "bot_id",
    ),
    Source.SERVERS: (
        "bot",
        "name",
        "external_id",
        "owner_id",
        "permissions",
        "joined_at",
        "seen_at",
        "bot_id",
    ),
    Source.PEOPLE: (
        *("name", "user_name", "external_id", "account", "roles", "last_seen_at", "created_at", "id"),
    ),
}
"""Columns of each list in their order; a file holds all of them unless some are named."""
