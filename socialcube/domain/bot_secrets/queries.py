"""Reads of the secrets of bots. None of them gives a value: what is sealed stays sealed."""

from typing import Final
from uuid import UUID

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from socialcube.domain.bot_secrets.errors import SecretNotFoundError
from socialcube.domain.bot_secrets.models import BotSecret
from socialcube.domain.bot_secrets.policy import context_of
from socialcube.domain.bot_secrets.types import SealedSecret, SecretView
from socialcube.domain.bots.types import SealedCell

_COLUMN: Final = BotSecret.sealed_value.key


def list_secrets(session: Session, bot_id: UUID) -> list[SecretView]:
    """List what people may know of a bot's secrets, by name."""
    statement = select(BotSecret).where(BotSecret.bot_id == bot_id).order_by(BotSecret.name)
    rows = session.scalars(statement.execution_options(populate_existing=True))
    return [SecretView(row.id, row.name, row.host, row.set_by, row.updated_at) for row in rows]


def count_secrets(session: Session, bot_id: UUID) -> int:
    """Count the secrets of a bot."""
    statement = select(func.count()).select_from(BotSecret).where(BotSecret.bot_id == bot_id)
    return session.scalar(statement) or 0


def get_sealed(session: Session, bot_id: UUID, name: str) -> SealedSecret:
    """Get a secret for the runner that may open it.

    Raises:
        SecretNotFoundError: the bot has none of this name.
    """
    statement = select(BotSecret).where(BotSecret.bot_id == bot_id, BotSecret.name == name)
    row = session.scalars(statement.execution_options(populate_existing=True)).one_or_none()
    if row is None:
        raise SecretNotFoundError(name=name)
    return SealedSecret(row.host, _cell_of(row))


def list_sealed(session: Session) -> list[SealedCell]:
    """List every sealed secret, in the order of their keys."""
    rows = session.scalars(select(BotSecret).order_by(BotSecret.id).execution_options(populate_existing=True))
    return [_cell_of(row) for row in rows]


def _cell_of(row: BotSecret) -> SealedCell:
    context = context_of(row.bot_id, row.name, row.host)
    return SealedCell(BotSecret.__tablename__, _COLUMN, row.id, row.sealed_value, context)
