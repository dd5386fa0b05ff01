"""Options of commands that give and take roles: on a bot, on a group of bots, or on the site."""

from collections.abc import Callable
from typing import Any, Final

import click
from sqlalchemy.orm import Session

from socialcube.domain.accounts import queries
from socialcube.domain.accounts.types import GrantView, Place
from socialcube.domain.bots import queries as bots
from socialcube.kernel.text import printable

SITE: Final = "the site"

_Command = Callable[..., Any]


def place_options(command: _Command) -> _Command:
    """Add `--bot` and `--group`; without either it is about the whole site."""
    bot = click.option("--bot", "bot_ref", metavar="NAME", help="On this bot only, by name or id.")
    group = click.option(
        "--group", "group_ref", metavar="NAME", help="On this group of bots only, by name or id."
    )
    return bot(group(command))


def find_place(session: Session, bot_ref: str | None, group_ref: str | None) -> tuple[Place, str]:
    """Find where a command works, and how to call it.

    Raises:
        BotNotFoundError, GroupNotFoundError: as they say.
        click.UsageError: both were given.
    """
    if bot_ref is not None and group_ref is not None:
        raise click.UsageError("Give --bot or --group, not both.")
    if bot_ref is not None:
        bot = bots.get_bot(session, bot_ref)
        return Place(bot_id=bot.id), printable(bot.name)
    if group_ref is not None:
        group = queries.get_group(session, group_ref)
        return Place(group_id=group.id), f"the group {printable(group.name)}"
    return Place(), SITE


class PlaceNames:
    """Names bots and groups; each kind is read once."""

    def __init__(self, session: Session) -> None:
        self._bots = {bot.id: bot.name for bot in bots.list_bots(session)}
        self._groups = {group.id: group.name for group in queries.list_groups(session)}

    def name(self, place: Place) -> str:
        """Name a place."""
        if place.bot_id is not None:
            return self._bots.get(place.bot_id, "a deleted bot")
        if place.group_id is not None:
            return f"the group {self._groups.get(place.group_id, '')}"
        return SITE

    def describe(self, grant: GrantView) -> str:
        """Say a role and where it holds."""
        return f"{grant.role.name} on {self.name(grant.place)}"
