"""What happened in the world, told to the gateway, the chat page and the state file."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from socialcube.sandbox.world.records import Channel, Message, Presence, Role

if TYPE_CHECKING:
    from socialcube.sandbox.world.interaction import Interaction


@dataclass(frozen=True, slots=True)
class Change:
    """Something happened. Subscribers tell the kinds apart by class."""


@dataclass(frozen=True, slots=True)
class MessagePosted(Change):
    """A message appeared. Ephemeral and loading ones are told too; look at `seen_by` and `flags`."""

    message: Message


@dataclass(frozen=True, slots=True)
class MessageEdited(Change):
    """A message changed, or a loading one became the answer."""

    message: Message


@dataclass(frozen=True, slots=True)
class MessageRemoved(Change):
    """A message is gone."""

    message: Message


@dataclass(frozen=True, slots=True)
class MemberJoined(Change):
    """A person joined a guild."""

    guild_id: int
    user_id: int


@dataclass(frozen=True, slots=True)
class MemberLeft(Change):
    """A person left a guild."""

    guild_id: int
    user_id: int


@dataclass(frozen=True, slots=True)
class MemberChanged(Change):
    """A member got or lost a role."""

    guild_id: int
    user_id: int


@dataclass(frozen=True, slots=True)
class GuildChanged(Change):
    """A guild's own fields changed."""

    guild_id: int


@dataclass(frozen=True, slots=True)
class ChannelCreated(Change):
    """A guild got a channel."""

    channel: Channel


@dataclass(frozen=True, slots=True)
class ChannelChanged(Change):
    """A channel's fields changed."""

    channel: Channel


@dataclass(frozen=True, slots=True)
class ChannelRemoved(Change):
    """A channel is gone."""

    channel: Channel


@dataclass(frozen=True, slots=True)
class RoleCreated(Change):
    """A guild got a role."""

    guild_id: int
    role: Role


@dataclass(frozen=True, slots=True)
class RoleRemoved(Change):
    """A role is gone, from its members too."""

    guild_id: int
    role: Role


@dataclass(frozen=True, slots=True)
class BotAdded(Change):
    """A bot was installed in a guild."""

    guild_id: int
    application_id: int


@dataclass(frozen=True, slots=True)
class BotRemoved(Change):
    """A bot was removed from a guild."""

    guild_id: int
    application_id: int


@dataclass(frozen=True, slots=True)
class ApplicationsChanged(Change):
    """An application was made, renamed or switched its intents."""

    application_id: int


@dataclass(frozen=True, slots=True)
class TokenReset(Change):
    """A bot's token was replaced: the old one no longer works anywhere."""

    application_id: int


@dataclass(frozen=True, slots=True)
class CommandsChanged(Change):
    """The commands of an application changed, in one guild or (None) everywhere."""

    application_id: int
    guild_id: int | None


@dataclass(frozen=True, slots=True)
class InteractionStarted(Change):
    """A person used a command or a component. The application has its callback window to answer."""

    interaction: "Interaction"


@dataclass(frozen=True, slots=True)
class InteractionAnswered(Change):
    """An application gave its first response; `interaction.response` says which kind."""

    interaction: "Interaction"


@dataclass(frozen=True, slots=True)
class InteractionFailed(Change):
    """The callback window closed without a response: Discord shows "The application did not respond"."""

    interaction: "Interaction"


@dataclass(frozen=True, slots=True)
class PresenceChanged(Change):
    """A bot came online, went offline, or shows something else of itself."""

    application_id: int
    online: bool
    presence: Presence = field(default_factory=Presence)


@dataclass(frozen=True, slots=True)
class UserChanged(Change):
    """A bot's account got another name, picture or banner."""

    user_id: int


@dataclass(frozen=True, slots=True)
class WebhooksChanged(Change):
    """A channel got or lost a webhook."""

    channel_id: int


@dataclass(frozen=True, slots=True)
class WorldReset(Change):
    """The world was put back to its first day."""


class Feed:
    """Tells every subscriber of every change, at once and in order."""

    def __init__(self) -> None:
        self._subscribers: dict[int, Callable[[Change], None]] = {}
        self._next = 0

    def subscribe(self, subscriber: Callable[[Change], None]) -> Callable[[], None]:
        """Call `subscriber` with each change from now on. Gives the function that ends it."""
        key = self._next
        self._next += 1
        self._subscribers[key] = subscriber
        return lambda: self._subscribers.pop(key, None) and None

    def publish(self, change: Change) -> None:
        """Tell all subscribers. They run inside the change, so they must be quick and must not raise."""
        for subscriber in tuple(self._subscribers.values()):
            subscriber(change)
