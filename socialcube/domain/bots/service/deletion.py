"""How bots go, come back within thirty days, and go for good. A token is destroyed with the first step."""

from uuid import UUID

from sqlalchemy import delete, select

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.policy import require
from socialcube.domain.access.types import Actor, Permission, Subject
from socialcube.domain.audit import service as audit
from socialcube.domain.bots.errors import BotNotFoundError
from socialcube.domain.bots.events import BotCreated, BotDeleted
from socialcube.domain.bots.models import Bot
from socialcube.domain.bots.policy import KEPT
from socialcube.domain.bots.service.changes import conclude, facts_of, get_for_change
from socialcube.domain.bots.service.tokens import destroy_token, hold_without_token
from socialcube.domain.bots.types import DesiredState, Reason


def delete_bot(uow: UnitOfWork, actor: Actor, bot_id: UUID) -> None:
    """Take the bot away and destroy its token. The rest can be restored for `policy.KEPT`.

    Raises:
        BotNotFoundError, ForbiddenError: as they say.
    """
    bot = get_for_change(uow, actor, Permission.BOT_DELETE, bot_id)
    before = facts_of(bot)
    destroy_token(bot)
    bot.desired_state = DesiredState.STOPPED
    bot.deleted_at, bot.deleted_by = uow.clock.now(), str(actor)
    conclude(uow, actor, "bot.delete", bot, before)
    uow.record(BotDeleted(bot_id))


def restore_bot(uow: UnitOfWork, actor: Actor, bot_id: UUID) -> None:
    """Bring a deleted bot back, stopped and without a token. Who may delete it may do this.

    Raises:
        BotNotFoundError: no such bot is deleted.
        ForbiddenError: as it says.
    """
    bot = uow.session.get(Bot, bot_id, with_for_update=True, populate_existing=True)
    if bot is None or bot.deleted_at is None:
        raise BotNotFoundError(ref=bot_id)
    require(actor, Permission.BOT_DELETE, Subject.bot(bot_id))
    before = facts_of(bot)
    bot.deleted_at, bot.deleted_by = None, ""
    hold_without_token(uow, bot, Reason.TOKEN_MISSING)
    conclude(uow, actor, "bot.restore", bot, before)
    uow.record(BotCreated(bot_id))


def purge_deleted(uow: UnitOfWork, actor: Actor) -> int:
    """Remove for good what was deleted longer ago than `policy.KEPT`. Gives how many bots went.

    What belongs to a bot goes with its row; logs and audit rows have a retention of their own.

    Raises:
        ForbiddenError: as it says.
    """
    require(actor, Permission.SITE_ADMIN)
    overdue = select(Bot).where(Bot.deleted_at <= uow.clock.now() - KEPT).with_for_update(skip_locked=True)
    bots = uow.session.scalars(overdue).all()
    for bot in bots:
        purge(uow, actor, bot)
    return len(bots)


def purge(uow: UnitOfWork, actor: Actor, bot: Bot) -> None:
    """Remove a deleted bot for good, with all that its row carries. The caller has asked for permission."""
    audit.record(
        uow,
        actor,
        "bot.purge",
        subject_kind="bot",
        subject_id=bot.id,
        bot_id=bot.id,
        before=facts_of(bot),
    )
    uow.session.expunge(bot)
    # The database cascades to every table that refers to bots; the mapper would ask each of them first.
    uow.session.execute(delete(Bot).where(Bot.id == bot.id))
