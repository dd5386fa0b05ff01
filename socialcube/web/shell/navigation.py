"""The sidebar's items. One appears when its page exists and the person may open it."""

from dataclasses import dataclass
from typing import Final

from flask import current_app, url_for

from socialcube import __version__
from socialcube.domain.access.policy import can_anywhere
from socialcube.domain.access.types import Actor, Permission
from socialcube.web import identity
from socialcube.web.context import settings


@dataclass(frozen=True, slots=True)
class Item:
    """A place in the sidebar.

    Attributes:
        key: what a page's template sets as `active`.
        endpoint: of the view that it opens.
        icon: name in the sprite.
        on_phone: whether the bottom bar of phones shows it.
    """

    key: str
    label: str
    endpoint: str
    icon: str
    permission: Permission | None
    on_phone: bool = False


GROUPS: Final[tuple[tuple[str, tuple[Item, ...]], ...]] = (
    (
        "",
        (
            Item("home", "Home", "home.show", "home", None, on_phone=True),
            Item("bots", "Bots", "bots.index_view", "bot", Permission.BOT_VIEW, on_phone=True),
            Item("commands", "Commands", "commands.index_view", "slash", Permission.COMMAND_VIEW),
            Item("servers", "Servers", "servers.index_view", "server", Permission.GUILD_VIEW),
        ),
    ),
    (
        "Watch",
        (
            Item("live", "Live", "live.show", "live", Permission.LOG_VIEW, on_phone=True),
            Item("logs", "Logs", "command_logs.index_view", "logs", Permission.LOG_VIEW),
            Item("alerts", "Alerts", "alerts.index_view", "bell", Permission.BOT_VIEW, on_phone=True),
        ),
    ),
    (
        "Manage",
        (
            Item("people", "People", "people.index_view", "users", Permission.SITE_ADMIN),
            Item("people", "Roles given", "grants.index_view", "users", Permission.MEMBER_MANAGE),
            Item("roles", "Roles", "roles.index_view", "shield", Permission.SITE_ADMIN),
            Item("keys", "API keys", "api_keys.index_view", "key", Permission.APIKEY_MANAGE),
            Item("token_keys", "Token keys", "token_keys.show", "key", Permission.SITE_ADMIN),
            Item("system", "System", "system.show", "system", Permission.SYSTEM_VIEW),
        ),
    ),
)


def for_templates() -> dict[str, object]:
    """Give what `shell/base.html` draws. A page for nobody in particular has no sidebar."""
    person = identity.find_person()
    if person is None:
        return {"person": None}
    return {
        "person": person,
        "navigation": visible_groups(person.actor),
        "is_sandbox": settings().sandbox is not None,
        "version": __version__,
    }


def visible_groups(actor: Actor) -> list[tuple[str, list[tuple[Item, str]]]]:
    """Give the groups with what the actor may open in them, each with its address."""
    return [(title, found) for title, items in GROUPS if (found := _visible(items, actor))]


def _visible(items: tuple[Item, ...], actor: Actor) -> list[tuple[Item, str]]:
    """Give what the actor may open. Of several items for one place, the first of them stands for it."""
    found: dict[str, tuple[Item, str]] = {}
    for item in items:
        is_there = item.endpoint in current_app.view_functions
        if is_there and (item.permission is None or can_anywhere(actor, item.permission)):
            found.setdefault(item.key, (item, url_for(item.endpoint)))
    return list(found.values())
