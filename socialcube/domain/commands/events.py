"""Facts about commands."""

from dataclasses import dataclass
from uuid import UUID

from socialcube.kernel.events import Event


@dataclass(frozen=True, slots=True)
class CommandPublished(Event):
    """What is live of a bot's commands changed: a version was published, withdrawn, switched on or off."""

    bot_id: UUID
    command_id: UUID


@dataclass(frozen=True, slots=True)
class CommandDraftChanged(Event):
    """A draft is new, changed or gone. Nothing that people can use is different yet."""

    bot_id: UUID
    command_id: UUID


@dataclass(frozen=True, slots=True)
class CommandsCompared(Event):
    """What differs at the platform from what is published is another thing now than it was before."""

    bot_id: UUID
