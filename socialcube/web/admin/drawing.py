"""What templates of generated screens draw with."""

import json
from typing import Any, Final
from uuid import UUID

from flask import current_app, g

from socialcube.domain.access.policy import can_anywhere
from socialcube.domain.access.types import Permission
from socialcube.domain.accounts.types import Place
from socialcube.domain.bots import queries as bots
from socialcube.web import identity
from socialcube.web.access.choosing import group_name
from socialcube.web.context import services

_TABS: Final = (
    ("command_logs", "Commands", Permission.LOG_VIEW),
    ("bot_logs", "Events", Permission.LOG_VIEW),
    ("error_logs", "Errors", Permission.LOG_VIEW),
    ("request_logs", "Requests", Permission.SYSTEM_VIEW),
    ("audit_logs", "Audit", Permission.SITE_ADMIN),
)
_ALERT_TABS: Final = (
    ("alerts", "Alerts", Permission.BOT_VIEW),
    ("alert_channels", "Who is told", Permission.ALERT_EDIT),
)
_PEOPLE_TABS: Final = (
    ("people", "People", Permission.SITE_ADMIN),
    ("grants", "Roles given", Permission.MEMBER_MANAGE),
    ("access_groups", "Groups", Permission.MEMBER_MANAGE),
    ("invites", "Invites", Permission.MEMBER_MANAGE),
    ("roles", "Roles", Permission.SITE_ADMIN),
)


def alert_tabs() -> list[tuple[str, str]]:
    """Give the lists about alerts that the person may open, as endpoint and words."""
    return _open_tabs(_ALERT_TABS)


def people_tabs() -> list[tuple[str, str]]:
    """Give the lists of people that the person may open, as endpoint and words."""
    return _open_tabs(_PEOPLE_TABS)


def log_tabs() -> list[tuple[str, str]]:
    """Give the logs that the person may open, as endpoint and words."""
    return _open_tabs(_TABS)


def bot_name(bot_id: UUID | None) -> str:
    """Name a bot in a list; all names are read once for a request."""
    if bot_id is None:
        return "—"
    if "bot_names" not in g:
        g.bot_names = {bot.id: bot.name for bot in bots.list_bots(services().session())}
    return str(g.bot_names.get(bot_id, f"deleted ({str(bot_id)[:8]})"))


def place_name(place: Place) -> str:
    """Name where a role holds."""
    if place.bot_id is not None:
        return bot_name(place.bot_id)
    return f"Group {group_name(place.group_id)}" if place.group_id else "The whole site"


def pretty(value: Any) -> str:
    """Write JSON data for people."""
    return json.dumps(value, indent=2, ensure_ascii=False, default=str)


def _open_tabs(tabs: tuple[tuple[str, str, Permission], ...]) -> list[tuple[str, str]]:
    actor = identity.actor()
    return [
        (endpoint, label)
        for endpoint, label, permission in tabs
        if can_anywhere(actor, permission) and f"{endpoint}.index_view" in current_app.view_functions
    ]
