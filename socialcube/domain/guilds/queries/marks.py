"""Whether anything changed that is set for the servers of many bots."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, literal, select, union_all
from sqlalchemy.orm import Session

from socialcube.domain.guilds.models import BotGuildSettings, BotSettingForm


def list_setting_marks(session: Session, bot_ids: Collection[UUID]) -> dict[UUID, tuple[object, ...]]:
    """List what changes with the settings of each of these bots that has any."""
    tables = (BotSettingForm, BotGuildSettings)
    found = union_all(
        *(
            select(table.bot_id, literal(table.__tablename__), func.count(), func.sum(table.version))
            .where(table.bot_id.in_(bot_ids))
            .group_by(table.bot_id)
            for table in tables
        )
    )
    marks: dict[UUID, tuple[object, ...]] = {}
    # A union comes in no order of its own, and another order would look like a change.
    for bot_id, *mark in sorted(session.execute(found), key=lambda row: row[1]):
        marks[bot_id] = (*marks.get(bot_id, ()), *mark)
    return marks
