"""One wish for many bots. Each is decided by itself: what one may not have does not stop the others."""

from collections.abc import Callable, Iterable
from typing import Final
from uuid import UUID

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor
from socialcube.domain.bots.service.wishes import restart_bot, set_desired_state
from socialcube.domain.bots.types import BulkAction, BulkOutcome, DesiredState
from socialcube.kernel.errors import SocialCubeError


def change_bots(uow: UnitOfWork, actor: Actor, bot_ids: Iterable[UUID], action: BulkAction) -> BulkOutcome:
    """Start, stop or restart these bots as far as the actor may.

    Beyond `MAX_AT_ONCE` of them ask for a job of the kind `bots.bulk` instead: it goes in steps and says
    how far it is. The starts themselves are staggered by the runners (`policy.estimate_seconds`).
    """
    done: list[UUID] = []
    refused: dict[UUID, str] = {}
    # In one order, so that two such changes never wait for each other's rows in a circle.
    for bot_id in sorted(set(bot_ids)):
        try:
            _ACTIONS[action](uow, actor, bot_id)
        except SocialCubeError as error:
            # Both actions refuse before they change anything, so nothing has to be undone.
            refused[bot_id] = error.message
        else:
            done.append(bot_id)
    return BulkOutcome(tuple(done), refused)


def _start(uow: UnitOfWork, actor: Actor, bot_id: UUID) -> None:
    set_desired_state(uow, actor, bot_id, DesiredState.RUNNING)


def _stop(uow: UnitOfWork, actor: Actor, bot_id: UUID) -> None:
    set_desired_state(uow, actor, bot_id, DesiredState.STOPPED)


_ACTIONS: Final[dict[BulkAction, Callable[[UnitOfWork, Actor, UUID], None]]] = {
    BulkAction.START: _start,
    BulkAction.STOP: _stop,
    BulkAction.RESTART: restart_bot,
}
