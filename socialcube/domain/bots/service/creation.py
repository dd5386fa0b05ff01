"""How bots come here, new or back after their deletion."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.policy import can, require
from socialcube.domain.access.types import Actor, Permission, Subject
from socialcube.domain.audit import service as audit
from socialcube.domain.bots.errors import DeletedBotError, DuplicateBotError
from socialcube.domain.bots.events import BotCreated
from socialcube.domain.bots.models import Bot, BotState
from socialcube.domain.bots.policy import (
    check_description,
    check_intents,
    check_name,
    clean_platform_text,
    purge_moment,
)
from socialcube.domain.bots.ports import TokenSealer
from socialcube.domain.bots.service.changes import facts_of
from socialcube.domain.bots.service.deletion import purge
from socialcube.domain.bots.service.tokens import refuse_leaked, take_token
from socialcube.domain.bots.types import (
    GUILDS_INTENT,
    MAX_DESCRIPTION_LENGTH,
    MAX_NAME_LENGTH,
    BotIdentity,
    GatewayState,
    ProcessState,
)
from socialcube.kernel.ids import new_id
from socialcube.kernel.secrets import Secret


def create_bot(  # noqa: PLR0913 - every fact of the new bot has its own name
    uow: UnitOfWork,
    actor: Actor,
    sealer: TokenSealer,
    *,
    identity: BotIdentity,
    token: Secret,
    name: str | None = None,
    description: str | None = None,
    intents: int = GUILDS_INTENT,
    afresh: bool = False,
) -> UUID:
    """Add a bot, stopped, with its token sealed.

    One that was deleted here comes back under its old key with all that belongs to it, for those who may
    delete it; whoever adds it sees what was made for it.

    Args:
        uow: an open write unit.
        actor: who asks.
        sealer: closes the token for the fleet.
        identity: who the platform says the token belongs to.
        token: the token itself, just typed.
        name: what to call it here; the platform's name by default.
        description: a text for people; the platform's by default.
        intents: gateway intents to connect with, as bits; `GUILDS` is always among them.
        afresh: begin with nothing, even if the bot was deleted here: what was kept of it goes for good,
            but the mark of a leaked token.

    Raises:
        ForbiddenError: the actor may not create bots.
        DuplicateBotError: the bot is here already.
        DeletedBotError: it was deleted here, and the actor may not restore it.
        LeakedTokenError: the token was reported as leaked.
        InvalidBotNameError, InvalidBotDescriptionError, InvalidIntentsError: as they say.
    """
    require(actor, Permission.BOT_CREATE)
    bot, before = _bring(uow, actor, identity, token, afresh=afresh)
    if name is not None:
        bot.name = check_name(name)
    if description is not None:
        bot.description = check_description(description)
    bot.intents = check_intents(intents)
    take_token(uow, bot, sealer, identity, token)
    uow.session.flush()
    audit.record(
        uow,
        actor,
        "bot.create" if before is None else "bot.restore",
        subject_kind="bot",
        subject_id=bot.id,
        bot_id=bot.id,
        before=before,
        after=facts_of(bot),
    )
    uow.record(BotCreated(bot.id))
    return bot.id


def _bring(
    uow: UnitOfWork, actor: Actor, identity: BotIdentity, token: Secret, *, afresh: bool
) -> tuple[Bot, dict[str, object] | None]:
    """Give the row of the bot, a new one or the one that was kept, and what the latter held until now."""
    kept = _find_deleted(uow, actor, identity)
    if kept is None:
        return _add(uow, identity), None
    if not afresh:
        before = facts_of(kept)
        return _revive(uow, kept), before
    refuse_leaked(kept, token)
    leaked = kept.leaked_fingerprint
    purge(uow, actor, kept)
    bot = _add(uow, identity)
    bot.leaked_fingerprint = leaked
    return bot, None


def _find_deleted(uow: UnitOfWork, actor: Actor, identity: BotIdentity) -> Bot | None:
    """Find the bot if it was deleted here, for somebody who may bring it back."""
    bot = _find_by_external_id(uow, identity)
    if bot is None:
        return None
    if bot.deleted_at is None:
        raise DuplicateBotError(name=bot.name)
    if not can(actor, Permission.BOT_DELETE, Subject.bot(bot.id)):
        raise DeletedBotError(name=bot.name, day=f"{purge_moment(bot.deleted_at):%-d %B %Y}")
    return bot


def _revive(uow: UnitOfWork, bot: Bot) -> Bot:
    bot.deleted_at, bot.deleted_by = None, ""
    state = uow.session.get_one(BotState, bot.id, with_for_update=True)
    state.process, state.gateway = ProcessState.STOPPED, GatewayState.DISCONNECTED
    state.reason, state.sentence, state.remedy = None, "", ""
    return bot


def _add(uow: UnitOfWork, identity: BotIdentity) -> Bot:
    now = uow.clock.now()
    bot = Bot(
        id=new_id(),
        platform=identity.platform,
        external_id=identity.external_id,
        name=_platform_name(identity),
        description=clean_platform_text(identity.description, max_length=MAX_DESCRIPTION_LENGTH),
        generation=0,
        created_at=now,
        updated_at=now,
    )
    try:
        with uow.session.begin_nested():
            uow.session.add(bot)
            uow.session.flush()
            uow.session.add(BotState(bot_id=bot.id, updated_at=now))
    except IntegrityError:
        # Somebody else added it between our look and our insert.
        other = _find_by_external_id(uow, identity)
        raise DuplicateBotError(name=other.name if other else bot.name) from None
    return bot


def _find_by_external_id(uow: UnitOfWork, identity: BotIdentity) -> Bot | None:
    statement = select(Bot).where(Bot.platform == identity.platform, Bot.external_id == identity.external_id)
    return uow.session.scalars(statement.with_for_update()).one_or_none()


def _platform_name(identity: BotIdentity) -> str:
    return clean_platform_text(identity.name, max_length=MAX_NAME_LENGTH, fallback=str(identity.external_id))
