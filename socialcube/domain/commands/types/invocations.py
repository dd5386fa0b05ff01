"""One use of a command."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True, slots=True)
class Person:
    """Who used a command. `display_name` is the nickname in the server, when there is one."""

    id: int
    name: str
    display_name: str


@dataclass(frozen=True, slots=True)
class Invocation:
    """One use of a command, in our words: what an adapter makes of a platform's event.

    Attributes:
        event_id: our own id of this use; the run id in logs and traces.
        bot_id: our key of the bot.
        external_id: the platform's id of the interaction.
        command_name: as typed, without the slash.
        guild_id, channel_id: the platform's ids, `guild_id` None in a direct message.
        guild_name, channel_name: as the event says, empty when it does not.
        options: values by option name; a user, channel or role is a dict of id, name, mention.
        received_at: wall-clock arrival.
        received: monotonic arrival in seconds; every deadline counts from it.
    """

    event_id: UUID
    bot_id: UUID
    external_id: int
    command_name: str
    guild_id: int | None
    guild_name: str
    channel_id: int
    channel_name: str
    person: Person
    options: dict[str, object]
    received_at: datetime
    received: float
