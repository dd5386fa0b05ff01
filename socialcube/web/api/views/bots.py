"""Bots: what they are, how they are, and start, stop and restart."""

from collections.abc import Callable
from typing import Final
from uuid import UUID

from socialcube.domain.access.types import Permission
from socialcube.domain.bots import policy, queries, service
from socialcube.domain.bots.types import BotView, DesiredState
from socialcube.domain.placements import queries as placements
from socialcube.kernel.ids import read_id
from socialcube.web import guard, identity
from socialcube.web.api.blueprint import v1
from socialcube.web.api.cursors import read_cursor, unreadable_cursor, write_cursor
from socialcube.web.api.operations import ACCEPTED, operation
from socialcube.web.api.shapes.bots import Bot, BotPage, BotsQuery
from socialcube.web.context import services, settings

_TAG: Final = "Bots"
_CURSOR: Final = "bots"


@v1.get("/bots")
@guard.needs(Permission.BOT_VIEW)
@operation(_TAG, "List bots")
def list_bots(query: BotsQuery) -> BotPage:
    """List the bots that this key may see, in the order in which they were added.

    Bots that are added while you read come at the end.
    """
    after = None if query.cursor is None else read_after(_CURSOR, query.cursor)
    found = queries.list_bots_after(
        services().session(),
        after,
        query.limit + 1,
        scope=identity.scope(Permission.BOT_VIEW),
        text=query.text,
        tags=query.tags,
        state=query.desired_state,
    )
    page, shape = found[: query.limit], _shaper()
    following = write_cursor(_CURSOR, page[-1].id) if len(found) > query.limit else None
    return BotPage(items=[shape(bot) for bot in page], next=following)


@v1.get("/bots/<bot_id>")
@guard.needs(Permission.BOT_VIEW)
@operation(_TAG, "Get a bot")
def get_bot(bot_id: UUID) -> Bot:
    """Give one bot with what was last seen of it."""
    return _shaper()(guard.bot(bot_id, Permission.BOT_VIEW))


@v1.post("/bots/<bot_id>/start")
@guard.needs(Permission.BOT_CONTROL)
@operation(_TAG, "Start a bot", status=ACCEPTED)
def start_bot(bot_id: UUID) -> Bot:
    """Wish that a bot runs. One that was stopped for a fault is tried again.

    Asking again for what is wanted already changes nothing. The answer comes before the bot is online:
    read the bot again until its status says so.
    """
    return _wish(bot_id, DesiredState.RUNNING)


@v1.post("/bots/<bot_id>/stop")
@guard.needs(Permission.BOT_CONTROL)
@operation(_TAG, "Stop a bot", status=ACCEPTED)
def stop_bot(bot_id: UUID) -> Bot:
    """Wish that a bot stops. What it is doing is finished first.

    Asking again for what is wanted already changes nothing.
    """
    return _wish(bot_id, DesiredState.STOPPED)


@v1.post("/bots/<bot_id>/restart")
@guard.needs(Permission.BOT_CONTROL)
@operation(_TAG, "Restart a bot", status=ACCEPTED)
def restart_bot(bot_id: UUID) -> Bot:
    """Wish that a bot connects afresh, which spends one of today's session starts.

    Each call is a wish of its own: do not repeat one that was answered. Several wishes that come while
    the bot is still on its way are one start.
    """
    guard.bot(bot_id, Permission.BOT_CONTROL)
    with services().unit_of_work() as uow:
        service.restart_bot(uow, identity.actor(), bot_id)
        uow.commit()
    return get_shape(bot_id)


def read_after(kind: str, cursor: str) -> UUID:
    """Read a cursor of a list that goes by our ids.

    Raises:
        InvalidRequestError: it is none.
    """
    found = read_id(read_cursor(kind, cursor))
    if found is None:
        raise unreadable_cursor()
    return found


def get_shape(bot_id: UUID) -> Bot:
    """Give a bot as it is now."""
    return _shaper()(queries.get_bot(services().session(), bot_id))


def _wish(bot_id: UUID, state: DesiredState) -> Bot:
    guard.bot(bot_id, Permission.BOT_CONTROL)
    with services().unit_of_work() as uow:
        service.set_desired_state(uow, identity.actor(), bot_id, state)
        uow.commit()
    return get_shape(bot_id)


def _shaper() -> Callable[[BotView], Bot]:
    """Give what makes shapes of bots, with the runners that live now read once."""
    shared = services().shared
    runners = placements.list_living_runners(services().session(), within=settings().fleet.lease_seconds)
    living, now = {runner.id for runner in runners}, shared.clock.now()
    return lambda bot: Bot.of(bot, policy.describe_bot(bot, living=living, now=now))
