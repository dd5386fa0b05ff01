"""What the commands of one bot read besides themselves: its name, and what is set for its servers."""

from dataclasses import dataclass, field
from uuid import UUID

from sqlalchemy.orm import Session

from socialcube.domain.bots import queries as bots
from socialcube.domain.guilds import registry
from socialcube.domain.guilds.registry import SettingsSnapshot
from socialcube.engine.context import BotView


@dataclass(frozen=True, slots=True)
class Surroundings:
    """A picture of one moment. A change makes a new one; runs keep theirs.

    Attributes:
        bot: the bot as templates see it.
        settings: of its servers.
    """

    bot: BotView
    settings: SettingsSnapshot = field(default_factory=SettingsSnapshot)


def read_surroundings(session: Session, bot_id: UUID) -> Surroundings | None:
    """Read what is so now; None when the bot is gone."""
    bot = bots.find_identity(session, bot_id)
    if bot is None:
        return None
    return Surroundings(to_bot_view(bot.external_id, bot.name), registry.read(session, bot_id))


def to_bot_view(external_id: int, name: str) -> BotView:
    """Give the bot as templates see it."""
    return BotView(id=str(external_id), name=name, mention=f"<@{external_id}>")
