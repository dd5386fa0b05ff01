"""Facts about bots."""

from dataclasses import dataclass
from uuid import UUID

from socialcube.kernel.events import Event


@dataclass(frozen=True, slots=True)
class BotCreated(Event):
    """A bot is here, new or back after its deletion."""

    bot_id: UUID


@dataclass(frozen=True, slots=True)
class BotEdited(Event):
    """Its name, description or tags changed."""

    bot_id: UUID


@dataclass(frozen=True, slots=True)
class BotPresenceChanged(Event):
    """It shall show something else of itself; whoever runs it says so to the platform."""

    bot_id: UUID


@dataclass(frozen=True, slots=True)
class BotDesiredStateChanged(Event):
    """The owner wants something else of it: to run, to run afresh, or to stop."""

    bot_id: UUID


@dataclass(frozen=True, slots=True)
class BotHeld(Event):
    """A runner gave up on it until somebody wishes anew; whoever runs another part of it stops that too."""

    bot_id: UUID


@dataclass(frozen=True, slots=True)
class BotTokenReplaced(Event):
    """It has a new token; whoever runs it must connect with that one."""

    bot_id: UUID


@dataclass(frozen=True, slots=True)
class BotDeleted(Event):
    """It is gone and its token destroyed."""

    bot_id: UUID


@dataclass(frozen=True, slots=True)
class BotObserved(Event):
    """A runner saw something else of it than before, which people should see too."""

    bot_id: UUID
