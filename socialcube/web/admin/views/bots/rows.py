"""Bots as lines of their list: how they are now, and what they did lately."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement

from socialcube.domain.access.types import Permission, Scope
from socialcube.domain.bots import queries
from socialcube.domain.bots.models import Bot
from socialcube.domain.bots.types import BotView, StateWords
from socialcube.domain.overview import queries as overview
from socialcube.domain.overview.types import BotFigures
from socialcube.web import identity
from socialcube.web.admin.lists.filters import Choices
from socialcube.web.context import services
from socialcube.web.pages import states

STATES: Final = (
    "Online",
    "Starting",
    "Reconnecting",
    "Stopping",
    "Unstable",
    "Needs you",
    "Failed",
    "Stopped",
)


@dataclass(frozen=True, slots=True)
class Row:
    """A bot as a line of the list."""

    bot: BotView
    words: StateWords
    figures: BotFigures | None

    @property
    def id(self) -> UUID:
        """Give its key."""
        return self.bot.id

    @property
    def name(self) -> str:
        """Give its name."""
        return self.bot.name

    def value_of(self, column: str) -> Any:
        """Give what a cell holds in a file."""
        seen = self.bot.state
        values = {
            "name": self.name,
            "state": self.words.word,
            "reason": self.words.sentence,
            "tags": ", ".join(self.bot.tags),
            "servers": seen.guild_count,
            "commands": self.figures.commands if self.figures else None,
            "errors": self.figures.errors if self.figures else None,
            "starts_left": seen.starts_left,
            "last_event": seen.last_event_at,
        }
        return values[column]


def make_rows(bots: list[Any]) -> list[Row]:
    """Say the state of all these bots at once."""
    session, now = services().session(), services().shared.clock.now()
    found = {state.bot.id: state for state in states.list_states(session, _scope())}
    figures = overview.list_bot_figures(session, _scope(), "1h", now)
    shown = [found[bot.id] for bot in bots if bot.id in found]
    return [Row(state.bot, state.words, figures.get(state.bot.id)) for state in shown]


def list_tags() -> Choices:
    """Give the tags that the list can be filtered by."""
    return [(tag, tag) for tag, _ in queries.list_tags(services().session(), scope=_scope())]


def is_in_state(word: str) -> ColumnElement[bool]:
    """Give the condition of bots that are so now."""
    # A state is folded from what was wished, seen and is alive now, which no column holds.
    found = states.list_states(services().session(), _scope())
    return Bot.id.in_([state.bot.id for state in found if state.words.word == word])


def _scope() -> Scope:
    return identity.scope(Permission.BOT_VIEW)
