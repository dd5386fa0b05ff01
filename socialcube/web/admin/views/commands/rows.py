"""Commands as lines of their list."""

from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from sqlalchemy import ColumnElement

from socialcube.domain.access.types import Permission
from socialcube.domain.commands import queries
from socialcube.domain.commands.models import Command
from socialcube.domain.commands.types import CommandState, CommandView
from socialcube.web.admin.views.choices import bot_choices
from socialcube.web.context import services
from socialcube.web.pages.commands.showing.states import Words, say_state

_CONDITIONS: Final = {
    CommandState.LIVE: Command.published_version.is_not(None) & Command.is_active,
    CommandState.DRAFT: Command.published_version.is_(None),
    CommandState.OFF: Command.published_version.is_not(None) & ~Command.is_active,
}

STATES: Final = tuple((state.name.lower(), state.value) for state in _CONDITIONS)
"""What a list can be narrowed to: keys in its address, and words."""


@dataclass(frozen=True, slots=True)
class Row:
    """A command as a line of the list."""

    command: CommandView
    bot: str
    words: Words

    @property
    def id(self) -> UUID:
        """Give its key."""
        return self.command.id

    @property
    def bot_id(self) -> UUID:
        """Give the key of its bot."""
        return self.command.bot_id

    @property
    def name(self) -> str:
        """Give its name."""
        return self.command.name

    def value_of(self, column: str) -> Any:
        """Give what a cell holds in a file."""
        values = {"name": self.name, "state": self.words.word, "bot": self.bot}
        return values.get(column) or getattr(self.command, column)


def make_rows(commands: list[Any]) -> list[Row]:
    """Say what is live of each."""
    session = services().session()
    names = dict(bot_choices(Permission.COMMAND_VIEW))
    found = queries.list_by_id(session, [command.id for command in commands])
    views = (found[command.id] for command in commands if command.id in found)
    return [Row(view, names.get(str(view.bot_id), ""), say_state(view)) for view in views]


def is_in_state(word: str) -> ColumnElement[bool]:
    """Give the condition of commands that are so now."""
    return _CONDITIONS[CommandState[word.upper()]]
