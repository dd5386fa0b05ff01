"""What somebody new does first, and how far they are."""

from dataclasses import dataclass
from typing import Final

from flask import url_for
from sqlalchemy.orm import Session

from socialcube.domain.access.policy import can
from socialcube.domain.access.types import Actor, Permission
from socialcube.domain.accounts import queries as accounts
from socialcube.domain.alerts import queries as alerts
from socialcube.domain.logs import queries as logs
from socialcube.domain.logs.documents import LogFilter
from socialcube.domain.logs.types import Stream
from socialcube.domain.site import queries as site
from socialcube.web.pages.links import chat_url, link
from socialcube.web.pages.states import BotState

_ENOUGH: Final = 2


@dataclass(frozen=True, slots=True)
class FirstStep:
    """One line of the list.

    Attributes:
        url: where it is done, empty when there is nothing to open.
    """

    label: str
    is_done: bool
    url: str = ""


@dataclass(frozen=True, slots=True)
class FirstSteps:
    """The strip for newcomers.

    Attributes:
        steps: the list.
        chat_url: of the sandbox's chat, None with another Discord.
    """

    steps: tuple[FirstStep, ...]
    chat_url: str | None


def find_first_steps(session: Session, actor: Actor, states: list[BotState]) -> FirstSteps | None:
    """Find what is left to do; None when all is done, or the person put the list away."""
    if site.has_dismissed_first_steps(session, actor.id):
        return None
    steps = [
        FirstStep("A bot is online", any(state.bot.state.connected_at for state in states), _new_bot(actor)),
        FirstStep("A first command was answered", _was_answered(session, states), chat_url() or ""),
    ]
    if can(actor, Permission.ALERT_EDIT):
        url = link("alert_channels.create_view") or ""
        steps.append(FirstStep("Somebody is told when a bot stops", alerts.has_channel(session), url))
    if can(actor, Permission.SITE_ADMIN):
        steps.append(
            FirstStep("A colleague is invited", _has_colleague(session), link("people.index_view") or "")
        )
    return None if all(step.is_done for step in steps) else FirstSteps(tuple(steps), chat_url())


def _new_bot(actor: Actor) -> str:
    return url_for("new_bot.show") if can(actor, Permission.BOT_CREATE) else ""


def _was_answered(session: Session, states: list[BotState]) -> bool:
    filters = LogFilter(bot_ids=frozenset(state.bot.id for state in states), outcome="succeeded")
    return bool(states) and bool(logs.list_page(session, Stream.COMMANDS, None, 1, filters).rows)


def _has_colleague(session: Session) -> bool:
    return accounts.count_users(session, limit=_ENOUGH) >= _ENOUGH
