"""What the owners of bots want. Each change leaves its audit row in the same transaction."""

from collections.abc import Collection
from uuid import UUID

from sqlalchemy import select

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor, Permission
from socialcube.domain.bots.errors import BotChangedError
from socialcube.domain.bots.events import BotDesiredStateChanged, BotEdited
from socialcube.domain.bots.models import Bot, BotState, BotTag
from socialcube.domain.bots.policy import check_description, check_intents, check_name, check_tags
from socialcube.domain.bots.service.changes import conclude, facts_of, get_for_change
from socialcube.domain.bots.service.tokens import require_token
from socialcube.domain.bots.types import DesiredState


def edit_bot(  # noqa: PLR0913 - every fact of the change has its own name
    uow: UnitOfWork,
    actor: Actor,
    bot_id: UUID,
    *,
    version: int,
    name: str,
    description: str,
    tags: Collection[str] | None = None,
) -> None:
    """Change what the bot is called here, and by which words people find it.

    `version` is the one the actor saw, so that two people cannot overwrite each other unseen. `tags` None
    leaves them as they are.

    Raises:
        BotNotFoundError, ForbiddenError: as they say.
        InvalidBotNameError, InvalidBotDescriptionError, InvalidTagsError: as they say.
        BotChangedError: somebody else changed it since; `stored` holds what is there now.
    """
    bot = get_for_change(uow, actor, Permission.BOT_EDIT, bot_id)
    before = facts_of(bot)
    if bot.version != version:
        stored = {key: before[key] for key in ("name", "description", "tags")}
        raise BotChangedError(seen=version, current=bot.version, stored=stored)
    bot.name, bot.description = check_name(name), check_description(description)
    if tags is not None:
        _set_tags(bot, check_tags(tags))
    if facts_of(bot) != before:
        conclude(uow, actor, "bot.edit", bot, before)
        uow.record(BotEdited(bot_id))


def set_desired_state(uow: UnitOfWork, actor: Actor, bot_id: UUID, state: DesiredState) -> None:
    """Wish that the bot runs or stops. Wishing what is already so changes nothing.

    Starting a bot that a runner gave up on is a new wish: its generation grows and it is tried again.

    Raises:
        BotNotFoundError, ForbiddenError, TokenMissingError: as they say.
    """
    bot = get_for_change(uow, actor, Permission.BOT_CONTROL, bot_id)
    if state is DesiredState.RUNNING:
        require_token(bot)
    if bot.desired_state == state and not (state is DesiredState.RUNNING and _is_held(uow, bot)):
        return
    before = facts_of(bot)
    bot.desired_state = state
    if state is DesiredState.RUNNING:
        bot.generation += 1
    conclude(uow, actor, "bot.start" if state is DesiredState.RUNNING else "bot.stop", bot, before)
    uow.record(BotDesiredStateChanged(bot_id))


def restart_bot(uow: UnitOfWork, actor: Actor, bot_id: UUID) -> None:
    """Wish that the bot connects afresh, whatever it does now.

    Raises:
        BotNotFoundError, ForbiddenError, TokenMissingError: as they say.
    """
    bot = get_for_change(uow, actor, Permission.BOT_CONTROL, bot_id)
    require_token(bot)
    before = facts_of(bot)
    bot.desired_state = DesiredState.RUNNING
    bot.generation += 1
    conclude(uow, actor, "bot.restart", bot, before)
    uow.record(BotDesiredStateChanged(bot_id))


def set_intents(uow: UnitOfWork, actor: Actor, bot_id: UUID, intents: int) -> None:
    """Choose what the bot may see. One that runs connects afresh, since Discord is told at the start only.

    Raises:
        BotNotFoundError, ForbiddenError, InvalidIntentsError: as they say.
    """
    bot = get_for_change(uow, actor, Permission.BOT_EDIT, bot_id)
    intents = check_intents(intents)
    if bot.intents == intents:
        return
    before = facts_of(bot)
    bot.intents = intents
    if bot.desired_state == DesiredState.RUNNING:
        bot.generation += 1
    conclude(uow, actor, "bot.intents", bot, before)
    uow.record(BotDesiredStateChanged(bot_id))


def _is_held(uow: UnitOfWork, bot: Bot) -> bool:
    held = select(BotState.held_generation).where(BotState.bot_id == bot.id)
    return uow.session.scalar(held) == bot.generation


def _set_tags(bot: Bot, tags: Collection[str]) -> None:
    # What stays keeps its row: replacing it would insert the key before the old row is deleted.
    kept = [item for item in bot.tags if item.tag in tags]
    known = {item.tag for item in kept}
    added = [BotTag(bot_id=bot.id, tag=tag) for tag in tags if tag not in known]
    bot.tags = sorted([*kept, *added], key=lambda item: item.tag)
