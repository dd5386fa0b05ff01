"""Secrets of bots for tests."""

from uuid import UUID

from sqlalchemy.orm import Session

from socialcube.domain.bot_secrets.models import BotSecret
from socialcube.domain.bot_secrets.policy import context_of
from socialcube.domain.bots.ports import TokenSealer
from socialcube.kernel.ids import new_id
from socialcube.kernel.secrets import Secret
from tests.fakes.clock import START


def store_secret(
    session: Session,
    sealer: TokenSealer,
    bot_id: UUID,
    name: str,
    *,
    value: str = "a value",
    host: str = "api.example.com",
) -> BotSecret:
    """Store a secret of a bot."""
    row = BotSecret(
        id=new_id(),
        bot_id=bot_id,
        name=name,
        host=host,
        set_by="user:ann",
        created_at=START,
        updated_at=START,
    )
    row.sealed_value = sealer.seal(
        Secret(value),
        table="bot_secrets",
        column="sealed_value",
        row_id=row.id,
        context=context_of(bot_id, name, host),
    )
    session.add(row)
    session.flush()
    return row
