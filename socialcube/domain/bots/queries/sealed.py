"""Reads of what is sealed in the rows of bots."""

from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from socialcube.domain.bots.models import Bot
from socialcube.domain.bots.types import SealedCell

_COLUMN: Final = Bot.sealed_token.key


def list_sealed(session: Session) -> list[SealedCell]:
    """List the sealed token of every bot that has one, in the order of their keys."""
    statement = select(Bot.id, Bot.sealed_token).where(Bot.sealed_token.is_not(None)).order_by(Bot.id)
    rows = session.execute(statement)
    return [SealedCell(Bot.__tablename__, _COLUMN, bot_id, sealed) for bot_id, sealed in rows if sealed]
