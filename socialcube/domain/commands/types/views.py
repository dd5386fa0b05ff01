"""Commands as others read them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any
from uuid import UUID


class CommandState(StrEnum):
    """What is live of a command, in the words that people read."""

    DRAFT = "Draft"
    OFF = "Off"
    CHANGED = "Live + draft"
    LIVE = "Live"


@dataclass(frozen=True, slots=True)
class CommandView:
    """A command in a list.

    Attributes:
        guild_id: the one server it is published in, None for all of them.
        published_version: number of the version that is live, None while it is a draft only.
        has_draft: whether the draft differs from what is published.
        edit: counts the changes of the row; a change names the one it saw.
    """

    id: UUID
    bot_id: UUID
    name: str
    description: str
    is_active: bool
    published_version: int | None
    guild_id: int | None
    has_draft: bool
    edit: int
    updated_at: datetime

    @property
    def state(self) -> CommandState:
        """Give what is live of it. What was never published is a draft, switched on or not."""
        if self.published_version is None:
            return CommandState.DRAFT
        if not self.is_active:
            return CommandState.OFF
        return CommandState.CHANGED if self.has_draft else CommandState.LIVE


@dataclass(frozen=True, slots=True)
class DraftView:
    """The draft of a command. It may still be wrong: only publishing asks for more than its shape."""

    id: UUID
    name: str
    document: Mapping[str, Any]
    edit: int


PublishedKey = tuple[UUID, int, int | None, str]
"""The command, version, server and digest of what is live: equal ones have equal documents."""


@dataclass(frozen=True, slots=True)
class PublishedCommand:
    """A command that is live.

    Attributes:
        command_id: our key of it.
        version: number of the published version.
        guild_id: the one server it lives in, None for all of them.
        document: the published document as JSON. It was valid when it was published.
        digest: of the document.
    """

    command_id: UUID
    name: str
    version: int
    guild_id: int | None
    document: Mapping[str, Any]
    digest: str


@dataclass(frozen=True, slots=True)
class VersionView:
    """A published version in the history of a command."""

    number: int
    digest: str
    note: str
    published_by: str
    published_at: datetime


@dataclass(frozen=True, slots=True)
class ImportOutcome:
    """What an import did, by the names of commands."""

    created: tuple[str, ...] = ()
    updated: tuple[str, ...] = ()
    unchanged: tuple[str, ...] = ()
