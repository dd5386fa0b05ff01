"""Whether anything changed that the commands of a runner's bots read: one query for all of them."""

from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from socialcube.domain.bots.models import Bot
from socialcube.domain.commands.models import Command
from socialcube.domain.guilds.models import BotGuildSettings, BotSettingForm
from socialcube.domain.placements.models import Placement

Mark = tuple[object, ...]
"""Equal marks of a bot mean that nothing changed in between."""


def list_marks(session: Session, runner_id: UUID) -> dict[UUID, Mark]:
    """List for each bot of a runner what changes with its name, its commands and what is set for its servers.

    Versions only grow, so their sum tells of every change; the count tells of what was removed.
    """
    owned = select(Placement.bot_id).where(Placement.runner_id == runner_id)
    statement = select(
        Bot.id,
        Bot.name,
        _of_commands(func.count()),
        _of_commands(func.sum(Command.version)),
        _of_commands(func.max(Command.updated_at)),
        select(BotSettingForm.version).where(BotSettingForm.bot_id == Bot.id).scalar_subquery(),
        _of_settings(func.count()),
        _of_settings(func.sum(BotGuildSettings.version)),
    ).where(Bot.id.in_(owned))
    return {row[0]: tuple(row[1:]) for row in session.execute(statement)}


def _of_commands(figure: ColumnElement[Any]) -> ColumnElement[Any]:
    return select(figure).select_from(Command).where(Command.bot_id == Bot.id).scalar_subquery()


def _of_settings(figure: ColumnElement[Any]) -> ColumnElement[Any]:
    found = select(figure).select_from(BotGuildSettings).where(BotGuildSettings.bot_id == Bot.id)
    return found.scalar_subquery()
