"""How bots come here, and how they get another token. The token is sealed before it touches a row."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.policy import require
from socialcube.domain.access.types import Actor, Permission
from socialcube.domain.audit import service as audit
from socialcube.domain.bots.errors import DuplicateBotError, OtherApplicationError
from socialcube.domain.bots.events import BotCreated, BotTokenReplaced
from socialcube.domain.bots.models import Bot, BotState
from socialcube.domain.bots.policy import (
    check_description,
    check_intents,
    check_name,
    clean_avatar,
    clean_platform_text,
)
from socialcube.domain.bots.ports import TokenSealer
from socialcube.domain.bots.service.changes import conclude, facts_of, get_for_change
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
) -> UUID:
    """Add a bot, stopped, with its token sealed. One that was deleted comes back under its old key.

    Args:
        uow: an open write unit.
        actor: who asks.
        sealer: closes the token for the fleet.
        identity: who the platform says the token belongs to.
        token: the token itself, just typed.
        name: what to call it here; the platform's name by default.
        description: a text for people; the platform's by default.
        intents: gateway intents to connect with, as bits; `GUILDS` is always among them.

    Raises:
        ForbiddenError: the actor may not create bots.
        DuplicateBotError: the bot is here already.
        InvalidBotNameError, InvalidBotDescriptionError, InvalidIntentsError: as they say.
    """
    require(actor, Permission.BOT_CREATE)
    bot = _find_or_add(uow, identity)
    bot.name = check_name(name) if name is not None else _platform_name(identity)
    bot.description = (
        check_description(description) if description is not None else _platform_description(identity)
    )
    bot.intents = check_intents(intents)
    _take_token(uow, bot, sealer, identity, token)
    uow.session.flush()
    audit.record(
        uow, actor, "bot.create", subject_kind="bot", subject_id=bot.id, bot_id=bot.id, after=facts_of(bot)
    )
    uow.record(BotCreated(bot.id))
    return bot.id


def replace_token(  # noqa: PLR0913 - the token never travels inside another object
    uow: UnitOfWork,
    actor: Actor,
    sealer: TokenSealer,
    bot_id: UUID,
    *,
    identity: BotIdentity,
    token: Secret,
) -> None:
    """Give the bot a new token of the same application. A bot that was held tries again with it.

    Raises:
        BotNotFoundError, ForbiddenError: as they say.
        OtherApplicationError: the token belongs to another bot.
    """
    bot = get_for_change(uow, actor, Permission.BOT_TOKEN, bot_id)
    if (identity.platform, identity.external_id) != (bot.platform, bot.external_id):
        raise OtherApplicationError(other=_platform_name(identity), name=bot.name)
    before = facts_of(bot)
    _take_token(uow, bot, sealer, identity, token)
    conclude(uow, actor, "bot.token.replace", bot, before)
    uow.record(BotTokenReplaced(bot_id))


def _find_or_add(uow: UnitOfWork, identity: BotIdentity) -> Bot:
    bot = _find_by_external_id(uow, identity)
    if bot is None:
        return _add(uow, identity)
    if bot.deleted_at is None:
        raise DuplicateBotError(name=bot.name)
    bot.deleted_at = None
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


def _take_token(uow: UnitOfWork, bot: Bot, sealer: TokenSealer, identity: BotIdentity, token: Secret) -> None:
    bot.sealed_token = sealer.seal(token, table=Bot.__tablename__, column="sealed_token", row_id=bot.id)
    bot.token_last4 = token.reveal()[-4:]
    bot.avatar = clean_avatar(identity.avatar)
    bot.generation += 1
    bot.updated_at = uow.clock.now()


def _platform_name(identity: BotIdentity) -> str:
    return clean_platform_text(identity.name, max_length=MAX_NAME_LENGTH, fallback=str(identity.external_id))


def _platform_description(identity: BotIdentity) -> str:
    return clean_platform_text(identity.description, max_length=MAX_DESCRIPTION_LENGTH)
