"""What forms and filters let people choose from, as far as they may see it."""

from typing import Any
from uuid import UUID

from sqlalchemy import select

from socialcube.domain.access.types import Permission, Scope
from socialcube.domain.bots.models import Bot
from socialcube.domain.commands.models import Command
from socialcube.web import identity
from socialcube.web.admin.lists.filters import ChoiceFilter
from socialcube.web.admin.scoping import within_bots
from socialcube.web.extensions import db
from socialcube.web.shell.choice import shown


def bot_choices(permission: Permission) -> list[tuple[str, str]]:
    """Give the bots on which the person holds a permission, by name."""
    return _bots_within(identity.scope(permission))


def shown_bot_choices(permission: Permission) -> list[tuple[str, str]]:
    """Give those of them that the pages show: what filters offer where the list itself shows no others."""
    return _bots_within(shown(identity.scope(permission)))


def bot_filter(column: Any, permission: Permission, *, follows_choice: bool = False) -> ChoiceFilter:
    """Filter by one of the bots on which the person holds a permission.

    Args:
        column: holds the key of each row's bot.
        permission: what the person must hold on a bot to be offered it.
        follows_choice: offer only those that the pages show, as a list does that shows no others.
    """
    offer = shown_bot_choices if follows_choice else bot_choices
    return ChoiceFilter("Bot", lambda: offer(permission), lambda key: column == UUID(key))


def _bots_within(scope: Scope) -> list[tuple[str, str]]:
    statement = select(Bot.id, Bot.name).where(Bot.deleted_at.is_(None), within_bots(Bot.id, scope))
    rows = db.session.execute(statement.order_by(Bot.name, Bot.id))
    return [(str(bot_id), name) for bot_id, name in rows]


def command_choices(bot_id: UUID) -> list[tuple[str, str]]:
    """Give the commands of a bot, by name."""
    statement = select(Command.id, Command.name).where(Command.bot_id == bot_id).order_by(Command.name)
    return [(str(command_id), f"/{name}") for command_id, name in db.session.execute(statement)]
