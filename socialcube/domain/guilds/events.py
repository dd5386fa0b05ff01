"""Facts about servers."""

from dataclasses import dataclass
from uuid import UUID

from socialcube.kernel.events import Event


@dataclass(frozen=True, slots=True)
class BotGuildsChanged(Event):
    """The bot joined or left servers, or one of its servers looks different now."""

    bot_id: UUID


@dataclass(frozen=True, slots=True)
class GuildSettingsChanged(Event):
    """What counts in one or all servers of a bot was set anew."""

    bot_id: UUID
