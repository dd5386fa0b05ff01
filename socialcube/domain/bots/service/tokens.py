"""How a bot's token is taken, replaced and destroyed. It is sealed before it touches a row."""

from uuid import UUID

from sqlalchemy import update

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor, Permission
from socialcube.domain.bots.errors import LeakedTokenError, OtherApplicationError, TokenMissingError
from socialcube.domain.bots.events import BotDesiredStateChanged, BotObserved, BotTokenReplaced
from socialcube.domain.bots.models import Bot, BotState
from socialcube.domain.bots.policy import (
    clean_avatar,
    clean_platform_text,
    fingerprint_of,
    is_leaked,
    mark_of_leaked,
)
from socialcube.domain.bots.ports import TokenSealer
from socialcube.domain.bots.service.changes import conclude, facts_of, get_for_change
from socialcube.domain.bots.types import (
    MAX_NAME_LENGTH,
    MAX_URL_LENGTH,
    BotIdentity,
    DesiredState,
    ProcessState,
    Reason,
    SealedCell,
)
from socialcube.kernel.secrets import Secret


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
        BotNotFoundError, ForbiddenError, LeakedTokenError: as they say.
        OtherApplicationError: the token belongs to another bot.
    """
    bot = get_for_change(uow, actor, Permission.BOT_TOKEN, bot_id)
    if (identity.platform, identity.external_id) != (bot.platform, bot.external_id):
        raise OtherApplicationError(other=identity.name, name=bot.name)
    before = facts_of(bot)
    take_token(uow, bot, sealer, identity, token)
    conclude(uow, actor, "bot.token_replace", bot, before)
    uow.record(BotTokenReplaced(bot_id))


def report_leak(uow: UnitOfWork, actor: Actor, bot_id: UUID) -> None:
    """Stop the bot at once and destroy its token, because somebody else may have it.

    It stays stopped until it gets another token; the reported one is never taken again. A bot that has no
    token is left as it is.

    Raises:
        BotNotFoundError, ForbiddenError: as they say.
    """
    bot = get_for_change(uow, actor, Permission.BOT_TOKEN, bot_id)
    if bot.sealed_token is None:
        return
    before = facts_of(bot)
    bot.leaked_fingerprint = mark_of_leaked(bot.token_fingerprint, bot.token_last4)
    destroy_token(bot)
    bot.desired_state = DesiredState.STOPPED
    hold_without_token(uow, bot, Reason.TOKEN_LEAKED)
    conclude(uow, actor, "bot.panic", bot, before)
    uow.record(BotDesiredStateChanged(bot_id))
    uow.record(BotObserved(bot_id))


def replace_seal(uow: UnitOfWork, cell: SealedCell, sealed: str) -> bool:
    """Write the same token under another key, unless somebody changed it since it was read.

    Neither version nor generation grows: the token is what it was, and nobody's edit is lost over it.

    Returns:
        Whether it was written.
    """
    statement = (
        update(Bot)
        .where(Bot.id == cell.row_id, Bot.sealed_token == cell.sealed)
        .values(sealed_token=sealed)
        .execution_options(synchronize_session=False)
    )
    return uow.session.connection().execute(statement).rowcount == 1


def note_token(uow: UnitOfWork, bot_id: UUID, sealed: str, token: Secret) -> None:
    """Fill in the fingerprint of a token that an old release stored without one.

    Nothing happens if it has one, or if it is not the token any more that `sealed` holds.
    """
    statement = (
        update(Bot)
        .where(Bot.id == bot_id, Bot.sealed_token == sealed, Bot.token_fingerprint == "")
        .values(token_fingerprint=fingerprint_of(token))
        .execution_options(synchronize_session=False)
    )
    # As with a new seal: nobody's edit of the bot is lost over it.
    uow.session.connection().execute(statement)


def take_token(uow: UnitOfWork, bot: Bot, sealer: TokenSealer, identity: BotIdentity, token: Secret) -> None:
    """Seal a token into the bot's row, as a new wish.

    Raises:
        LeakedTokenError: it is the one that was reported.
    """
    refuse_leaked(bot, token)
    bot.sealed_token = sealer.seal(token, table=Bot.__tablename__, column="sealed_token", row_id=bot.id)
    bot.token_last4, bot.token_fingerprint = token.reveal()[-4:], fingerprint_of(token)
    bot.platform_name = clean_platform_text(identity.name, max_length=MAX_NAME_LENGTH)
    bot.avatar, bot.banner = clean_avatar(identity.avatar), clean_avatar(identity.banner)
    bot.interactions_url = clean_platform_text(identity.interactions_url, max_length=MAX_URL_LENGTH)
    bot.generation += 1
    bot.updated_at = uow.clock.now()


def refuse_leaked(bot: Bot, token: Secret) -> None:
    """Go on only if this is not the token of the bot that was reported as leaked.

    Raises:
        LeakedTokenError: it is.
    """
    if is_leaked(token, bot.leaked_fingerprint):
        raise LeakedTokenError


def destroy_token(bot: Bot) -> None:
    """Forget a bot's token. Nobody can bring it back."""
    bot.sealed_token, bot.token_last4, bot.token_fingerprint = None, "", ""


def hold_without_token(uow: UnitOfWork, bot: Bot, reason: Reason) -> None:
    """Let the bot wait for a token, as a runner does that stopped it on purpose."""
    state = uow.session.get_one(BotState, bot.id, with_for_update=True, populate_existing=True)
    state.process, state.held_generation, state.reason = ProcessState.HELD, bot.generation, reason
    state.sentence = state.remedy = ""
    state.updated_at = uow.clock.now()


def require_token(bot: Bot) -> None:
    """Make sure that the bot could start.

    Raises:
        TokenMissingError: it has no token.
    """
    if bot.sealed_token is None:
        raise TokenMissingError(name=bot.name)
