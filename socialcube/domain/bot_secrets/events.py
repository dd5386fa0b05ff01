"""Facts about the secrets of bots."""

from dataclasses import dataclass
from uuid import UUID

from socialcube.kernel.events import Event


@dataclass(frozen=True, slots=True)
class BotSecretsChanged(Event):
    """A secret was set or deleted; whoever remembers one must read it again."""

    bot_id: UUID
