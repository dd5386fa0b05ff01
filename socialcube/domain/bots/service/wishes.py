"""What the owners of bots want. Each change leaves its audit row in the same transaction."""

from uuid import UUID

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.policy import require
from socialcube.domain.access.types import Actor, Permission, Subject
from socialcube.domain.audit import service as audit
from socialcube.domain.bots.errors import (
    BotChangedError,
    BotNotFoundError,
    DuplicateBotError,
    OtherApplicationError,
)
from socialcube.domain.bots.events import (
    BotCreated,
    BotDeleted,
    BotDesiredStateChanged,
    BotEdited,
    BotTokenReplaced,
)
from socialcube.domain.bots.models import Bot, BotState
from socialcube.domain.bots.policy import (
    check_description,
    check_intents,
    check_name,
    clean_avatar,
    clean_platform_text,
)
from socialcube.domain.bots.ports import TokenSealer
from socialcube.domain.bots.types import (
    GUILDS_INTENT,
    MAX_DESCRIPTION_LENGTH,
    MAX_NAME_LENGTH,
    BotIdentity,
    DesiredState,
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
        uow, actor, "bot.create", subject_kind="bot", subject_id=bot.id, bot_id=bot.id, after=_facts(bot)
    )
    uow.record(BotCreated(bot.id))
    return bot.id


def edit_bot(  # noqa: PLR0913 - every fact of the change has its own name
    uow: UnitOfWork, actor: Actor, bot_id: UUID, *, version: int, name: str, description: str
) -> None:
    """Change what the bot is called here.

    `version` is the one the actor saw, so that two people cannot overwrite each other unseen.

    Raises:
        BotNotFoundError, ForbiddenError, InvalidBotNameError, InvalidBotDescriptionError: as they say.
        BotChangedError: somebody else changed it since.
    """
    bot = _get(uow, actor, Permission.BOT_EDIT, bot_id)
    if bot.version != version:
        raise BotChangedError(seen=version, current=bot.version)
    before = _facts(bot)
    bot.name, bot.description = check_name(name), check_description(description)
    if _facts(bot) != before:
        _conclude(uow, actor, "bot.edit", bot, before)
        uow.record(BotEdited(bot_id))


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
    bot = _get(uow, actor, Permission.BOT_TOKEN, bot_id)
    if (identity.platform, identity.external_id) != (bot.platform, bot.external_id):
        raise OtherApplicationError(other=_platform_name(identity), name=bot.name)
    before = _facts(bot)
    _take_token(uow, bot, sealer, identity, token)
    _conclude(uow, actor, "bot.token.replace", bot, before)
    uow.record(BotTokenReplaced(bot_id))


def set_desired_state(uow: UnitOfWork, actor: Actor, bot_id: UUID, state: DesiredState) -> None:
    """Wish that the bot runs or stops. Wishing what is already so changes nothing.

    Starting a bot that a runner gave up on is a new wish: its generation grows and it is tried again.

    Raises:
        BotNotFoundError, ForbiddenError: as they say.
    """
    bot = _get(uow, actor, Permission.BOT_CONTROL, bot_id)
    if bot.desired_state == state and not (state is DesiredState.RUNNING and _is_held(uow, bot)):
        return
    before = _facts(bot)
    bot.desired_state = state
    if state is DesiredState.RUNNING:
        bot.generation += 1
    _conclude(uow, actor, "bot.start" if state is DesiredState.RUNNING else "bot.stop", bot, before)
    uow.record(BotDesiredStateChanged(bot_id))


def restart_bot(uow: UnitOfWork, actor: Actor, bot_id: UUID) -> None:
    """Wish that the bot connects afresh, whatever it does now.

    Raises:
        BotNotFoundError, ForbiddenError: as they say.
    """
    bot = _get(uow, actor, Permission.BOT_CONTROL, bot_id)
    before = _facts(bot)
    bot.desired_state = DesiredState.RUNNING
    bot.generation += 1
    _conclude(uow, actor, "bot.restart", bot, before)
    uow.record(BotDesiredStateChanged(bot_id))


def delete_bot(uow: UnitOfWork, actor: Actor, bot_id: UUID) -> None:
    """Take the bot away and destroy its token. Creating it again brings the rest back.

    Raises:
        BotNotFoundError, ForbiddenError: as they say.
    """
    bot = _get(uow, actor, Permission.BOT_DELETE, bot_id)
    before = _facts(bot)
    bot.sealed_token, bot.token_last4 = None, ""
    bot.desired_state = DesiredState.STOPPED
    bot.deleted_at = uow.clock.now()
    _conclude(uow, actor, "bot.delete", bot, before)
    uow.record(BotDeleted(bot_id))


def _get(uow: UnitOfWork, actor: Actor, permission: Permission, bot_id: UUID) -> Bot:
    """Lock the bot's row: of fifty starts at once, one is a change and the rest see it."""
    bot = uow.session.get(Bot, bot_id, with_for_update=True, populate_existing=True)
    if bot is None or bot.deleted_at is not None:
        raise BotNotFoundError(ref=bot_id)
    require(actor, permission, Subject.bot(bot_id))
    return bot


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


def _conclude(uow: UnitOfWork, actor: Actor, action: str, bot: Bot, before: dict[str, object]) -> None:
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
        after=_facts(bot),
    )


def _is_held(uow: UnitOfWork, bot: Bot) -> bool:
    held = select(BotState.held_generation).where(BotState.bot_id == bot.id)
    return uow.session.scalar(held) == bot.generation


def _facts(bot: Bot) -> dict[str, object]:
    """Give what the audit may know: the last four characters tell tokens apart without giving one away."""
    return {
        "name": bot.name,
        "description": bot.description,
        "external_id": str(bot.external_id),
        "desired_state": str(bot.desired_state),
        "generation": bot.generation,
        "intents": bot.intents,
        "token_last4": bot.token_last4,
    }


def _platform_name(identity: BotIdentity) -> str:
    return clean_platform_text(identity.name, max_length=MAX_NAME_LENGTH, fallback=str(identity.external_id))


def _platform_description(identity: BotIdentity) -> str:
    return clean_platform_text(identity.description, max_length=MAX_DESCRIPTION_LENGTH)
