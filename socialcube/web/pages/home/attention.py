"""Lines of *Needs attention*, each with the button that helps."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from flask import url_for

from socialcube.domain.access.policy import can
from socialcube.domain.access.types import Actor, Permission, Subject
from socialcube.domain.overview.types import ActionKind, Attention
from socialcube.web.pages.links import link

MOST: Final = 5


@dataclass(frozen=True, slots=True)
class Fix:
    """A line and its button.

    Attributes:
        label: of the button, empty when there is nothing that this person can do.
        url: where it leads, or what it posts to.
        is_post: whether it does the thing rather than opening a page.
    """

    item: Attention
    label: str
    url: str
    is_post: bool = False


def make_fixes(actor: Actor, items: Iterable[Attention]) -> list[Fix]:
    """Give each line its button, as far as the person may press it; else one that shows the bot."""
    return [_fix(actor, item) for item in items]


def _fix(actor: Actor, item: Attention) -> Fix:
    if item.action_kind is ActionKind.OPEN_CHANNEL:
        return Fix(item, item.action_label, url_for("alert_channels.details_view", id=item.subject))
    if item.bot_id is None:
        url = link("system.show") if can(actor, Permission.SYSTEM_VIEW) else None
        return Fix(item, item.action_label if url else "", url or "")
    url = _url(actor, item, item.bot_id)
    if url is None:
        return Fix(item, "Open bot", url_for("bot.show", bot_id=item.bot_id))
    return Fix(item, item.action_label, url, is_post=item.action_kind is ActionKind.START_BOT)


def _url(actor: Actor, item: Attention, bot_id: UUID) -> str | None:
    permission, endpoint, anchor = _TARGETS.get(item.action_kind, (Permission.BOT_VIEW, "bot.show", None))
    if not can(actor, permission, Subject.bot(bot_id)):
        return None
    return url_for(endpoint, bot_id=bot_id, _anchor=anchor)


_TARGETS: Final[dict[ActionKind, tuple[Permission, str, str | None]]] = {
    ActionKind.START_BOT: (Permission.BOT_CONTROL, "bot.start", None),
    ActionKind.REPLACE_TOKEN: (Permission.BOT_TOKEN, "bot.show_settings", "token"),
    ActionKind.OPEN_ERRORS: (Permission.LOG_VIEW, "bot.show_logs", None),
    ActionKind.OPEN_PLAN: (Permission.COMMAND_VIEW, "command_plan.show", None),
    ActionKind.OPEN_RUNS: (Permission.LOG_VIEW, "bot.show_logs", None),
}
