"""One wish for many bots: the door that the selection bar of the list posts to."""

from collections.abc import Iterable, Mapping
from typing import Any, Final
from uuid import UUID

from flask import request, url_for
from flask.typing import ResponseReturnValue

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Actor, Permission
from socialcube.domain.bots import service
from socialcube.domain.bots.errors import BotNotFoundError
from socialcube.domain.bots.policy import estimate_seconds
from socialcube.domain.bots.types import DesiredState
from socialcube.domain.placements import queries as placements
from socialcube.kernel.errors import ForbiddenError, InvalidInputError
from socialcube.web import guard, identity
from socialcube.web.context import services, settings
from socialcube.web.pages.answers import done
from socialcube.web.pages.bots.blueprint import blueprint
from socialcube.web.pages.links import link

MOST: Final = 500
"""Bots in one request: all wishes stand in one transaction."""

_ACTIONS: Final = frozenset({"start", "stop", "restart"})


class BulkInvalidError(InvalidInputError):
    """Choose one to {most} bots, and start, stop or restart for them."""

    code = "bulk_invalid"
    remedy = "Select bots in the list, then press one of the buttons below it."


@blueprint.post("/bulk")
@guard.needs(Permission.BOT_CONTROL)
def bulk() -> ResponseReturnValue:
    """Wish the same of many bots. Those that the person may not control are left out and counted.

    Takes `action` and `ids` as a form or as JSON. Runners take turns with the starts, so the answer says
    about how long it takes until the last one is online.
    """
    action, bot_ids = _read()
    with services().unit_of_work() as uow:
        wished = [bot_id for bot_id in sorted(bot_ids) if _wish(uow, identity.actor(), bot_id, action)]
        uow.commit()
    seconds = 0 if action == "stop" else _estimate(len(wished))
    return done(
        _sentence(action, len(wished), len(bot_ids) - len(wished), seconds),
        link("bots.index_view") or url_for("home.show"),
        done=[str(bot_id) for bot_id in wished],
        refused=len(bot_ids) - len(wished),
        seconds=seconds,
    )


def _read() -> tuple[str, frozenset[UUID]]:
    given: Any = request.get_json() if request.is_json else request.form
    if not isinstance(given, Mapping):
        raise BulkInvalidError(most=MOST)
    texts = given.get("ids") if request.is_json else request.form.getlist("ids")
    action = given.get("action")
    bot_ids = frozenset(_ids(texts)) if isinstance(texts, list) else frozenset()
    if not isinstance(action, str) or action not in _ACTIONS or not 1 <= len(bot_ids) <= MOST:
        raise BulkInvalidError(most=MOST)
    return action, bot_ids


def _ids(texts: Iterable[object]) -> Iterable[UUID]:
    for text in texts:
        try:
            yield UUID(str(text))
        except ValueError:
            raise BulkInvalidError(most=MOST) from None


def _wish(uow: UnitOfWork, actor: Actor, bot_id: UUID, action: str) -> bool:
    try:
        match action:
            case "restart":
                service.restart_bot(uow, actor, bot_id)
            case "start":
                service.set_desired_state(uow, actor, bot_id, DesiredState.RUNNING)
            case _:
                service.set_desired_state(uow, actor, bot_id, DesiredState.STOPPED)
    except (BotNotFoundError, ForbiddenError):
        return False
    return True


def _estimate(number: int) -> int:
    runners = placements.list_living_runners(services().session(), within=settings().fleet.lease_seconds)
    return estimate_seconds(number, runners=len(runners))


def _sentence(action: str, number: int, refused: int, seconds: int) -> str:
    bots = "1 bot" if number == 1 else f"{number} bots"
    verb = f"{action}s" if number == 1 else action
    how_long = f", staggered, about {seconds} s" if seconds else ""
    left_out = (
        f" {refused} you may not control {'was' if refused == 1 else 'were'} left out." if refused else ""
    )
    return f"{bots} {verb}{how_long}.{left_out}"
