"""What all changes of a bot share: the lock, the permission, and the audit row."""

from uuid import UUID

from sqlalchemy import select

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.policy import require
from socialcube.domain.access.types import Actor, Permission, Subject
from socialcube.domain.audit import service as audit
from socialcube.domain.bots.documents import read_presence
from socialcube.domain.bots.errors import BotNotFoundError
from socialcube.domain.bots.models import Bot
from socialcube.domain.bots.types import Presence


def get_for_change(uow: UnitOfWork, actor: Actor, permission: Permission, bot_id: UUID) -> Bot:
    """Get a bot that the actor may change so, its row locked.

    Of fifty starts at once, one is a change and the others see it.

    Raises:
        BotNotFoundError, ForbiddenError: as they say.
    """
    bot = uow.session.get(Bot, bot_id, with_for_update=True, populate_existing=True)
    if bot is None or bot.deleted_at is not None:
        raise BotNotFoundError(ref=bot_id)
    require(actor, permission, Subject.bot(bot_id))
    return bot


def keep_bot(uow: UnitOfWork, bot_id: UUID) -> None:
    """Let nobody remove a bot for good until the commit. Changes of it go on, and it may not be there."""
    uow.session.execute(select(Bot.id).where(Bot.id == bot_id).with_for_update(read=True, key_share=True))


def lock_bot(uow: UnitOfWork, bot_id: UUID) -> None:
    """Let one at a time change what belongs to a bot, until the commit. It may not be there."""
    uow.session.execute(select(Bot.id).where(Bot.id == bot_id).with_for_update(key_share=True))


def conclude(uow: UnitOfWork, actor: Actor, action: str, bot: Bot, before: dict[str, object]) -> None:
    """Write the change and its audit row. `before` is what `facts_of` gave before it."""
    bot.updated_at = uow.clock.now()
    uow.session.flush()
    audit.record(
        uow,
        actor,
        action,
        subject_kind="bot",
        subject_id=bot.id,
        bot_id=bot.id,
        before=before,
        after=facts_of(bot),
    )


def facts_of(bot: Bot) -> dict[str, object]:
    """Give what the audit may know: a fingerprint tells tokens apart without giving one away."""
    return {
        "name": bot.name,
        "description": bot.description,
        "tags": [item.tag for item in bot.tags],
        "external_id": str(bot.external_id),
        "desired_state": str(bot.desired_state),
        "generation": bot.generation,
        "intents": bot.intents,
        "presence": _say(read_presence(bot.presence)),
        "token_last4": bot.token_last4,
        "token_fingerprint": bot.token_fingerprint,
    }


def _say(presence: Presence) -> str:
    """Put a presence into one value, since the audit compares facts one by one."""
    if presence.activity is None:
        return str(presence.status)
    return f"{presence.status}, {presence.activity}: {presence.text}"
