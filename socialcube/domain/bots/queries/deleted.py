"""Reads of bots that were deleted and can still come back."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import select
from sqlalchemy.orm import Session

from socialcube.domain.access.types import Scope
from socialcube.domain.bots.models import Bot
from socialcube.domain.bots.policy import purge_moment
from socialcube.domain.bots.types import DeletedBot, Platform


def list_deleted(session: Session, *, scope: Scope) -> list[DeletedBot]:
    """List the deleted bots in the scope, the latest first."""
    statement = select(Bot).where(Bot.deleted_at.is_not(None)).order_by(Bot.deleted_at.desc(), Bot.id)
    if not scope.is_all:
        statement = statement.where(Bot.id.in_(scope.bot_ids))
    bots = session.scalars(statement.execution_options(populate_existing=True))
    return [_to_view(bot, bot.deleted_at) for bot in bots if bot.deleted_at]


def find_deleted(session: Session, bot_id: UUID) -> DeletedBot | None:
    """Find a deleted bot. One that is here is none."""
    bot = session.get(Bot, bot_id, populate_existing=True)
    return _to_view(bot, bot.deleted_at) if bot is not None and bot.deleted_at else None


def is_deleted(session: Session, bot_id: UUID) -> bool:
    """Tell whether the bot was taken away, rather than only stopped."""
    return session.scalar(select(Bot.deleted_at).where(Bot.id == bot_id)) is not None


def _to_view(bot: Bot, deleted_at: datetime) -> DeletedBot:
    return DeletedBot(
        id=bot.id,
        platform=Platform(bot.platform),
        external_id=bot.external_id,
        name=bot.name,
        avatar=bot.avatar,
        deleted_at=deleted_at,
        deleted_by=bot.deleted_by,
        purged_at=purge_moment(deleted_at),
    )
