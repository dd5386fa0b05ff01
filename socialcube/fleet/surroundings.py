"""What the commands of one bot read besides themselves: its name, and what is set for its servers."""

from collections.abc import Collection
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


def read_surroundings(session: Session, bot_ids: Collection[UUID]) -> dict[UUID, Surroundings]:
    """Read what is so now of these bots. Those that are gone are left out."""
    settings = registry.read_all(session, bot_ids)
    return {
        bot_id: Surroundings(to_bot_view(bot.external_id, bot.name), settings[bot_id])
        for bot_id, bot in bots.list_identities(session, bot_ids).items()
    }


def to_bot_view(external_id: int, name: str) -> BotView:
    """Give the bot as templates see it."""
    return BotView(id=str(external_id), name=name, mention=f"<@{external_id}>")
