"""Commands as programs see them."""

from datetime import datetime
from enum import StrEnum
from typing import Any, Self
from uuid import UUID

from pydantic import Field

from socialcube.domain.commands.types import CommandState, CommandView
from socialcube.web.api.shapes.common import Next, PageQuery, Shape, Snowflake


class CommandStatus(StrEnum):
    """What is live of a command."""

    DRAFT = "draft"
    OFF = "off"
    CHANGED = "changed"
    LIVE = "live"


_STATUS = {
    CommandState.DRAFT: CommandStatus.DRAFT,
    CommandState.OFF: CommandStatus.OFF,
    CommandState.CHANGED: CommandStatus.CHANGED,
    CommandState.LIVE: CommandStatus.LIVE,
}


class Command(Shape):
    """A command in a list."""

    id: UUID
    bot_id: UUID
    name: str
    description: str
    status: CommandStatus = Field(
        description="draft: never published. off: switched off. changed: live, with a draft that differs."
    )
    is_active: bool = Field(description="Whether it is switched on.")
    published_version: int | None = Field(description="Number of the version that is live.")
    guild_id: Snowflake | None = Field(description="The one server that it lives in; null for all.")
    has_draft: bool = Field(description="Whether the draft differs from what is live.")
    updated_at: datetime

    @classmethod
    def of(cls, command: CommandView) -> Self:
        """Make it from a command."""
        return cls(**_fields(command))


class CommandDetail(Command):
    """A command with its documents."""

    draft: dict[str, Any] = Field(description="The draft, in the form of command files.")
    published: dict[str, Any] | None = Field(description="What is live, in the same form; null for a draft.")

    @classmethod
    def with_documents(cls, command: CommandView, draft: dict[str, Any], live: dict[str, Any] | None) -> Self:
        """Make it from a command and its documents."""
        return cls(**_fields(command), draft=draft, published=live)


class CommandPage(Shape):
    """Some commands, in the order in which they were made."""

    items: list[Command]
    next: Next


class CommandsQuery(PageQuery):
    """Which commands."""


def _fields(command: CommandView) -> dict[str, Any]:
    return {
        "id": command.id,
        "bot_id": command.bot_id,
        "name": command.name,
        "description": command.description,
        "status": _STATUS[command.state],
        "is_active": command.is_active,
        "published_version": command.published_version,
        "guild_id": None if command.guild_id is None else str(command.guild_id),
        "has_draft": command.has_draft,
        "updated_at": command.updated_at,
    }
