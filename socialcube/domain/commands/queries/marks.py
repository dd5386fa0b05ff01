"""Whether anything changed about the commands of many bots."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from socialcube.domain.commands.models import Command

Mark = tuple[object, ...]
"""Equal marks of a bot mean that nothing changed in between."""


def list_marks(session: Session, bot_ids: Collection[UUID]) -> dict[UUID, Mark]:
    """List what changes with the commands of each of these bots that has any.

    Versions only grow, so their sum tells of every change; the count tells of what was removed.
    """
    figures = (func.count(), func.sum(Command.version), func.max(Command.updated_at))
    statement = select(Command.bot_id, *figures).where(Command.bot_id.in_(bot_ids)).group_by(Command.bot_id)
    return {row[0]: tuple(row[1:]) for row in session.execute(statement)}
