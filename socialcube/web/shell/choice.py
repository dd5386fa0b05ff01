"""Which bots the pages show: all, those of a tag, or a single one.

A choice narrows what lists show and nothing else: what a person may do to a bot stays as it is, and so does
a page that is about one object.
"""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from flask import g, session
from sqlalchemy.orm import Session

from socialcube.domain.access.types import Permission, Scope
from socialcube.domain.bots import queries as bots
from socialcube.web import identity
from socialcube.web.context import services

TAG: Final = "tag:"
BOT: Final = "bot:"

_KEPT: Final = "shown_bots"


@dataclass(frozen=True, slots=True)
class Choice:
    """Some of the bots.

    Attributes:
        key: how a session and an address name it, like `tag:client` or `bot:<id>`.
        label: how people read it.
    """

    key: str
    label: str
    bot_ids: frozenset[UUID]

    def within(self, scope: Scope) -> Scope:
        """Give what of a scope was chosen."""
        ids = self.bot_ids if scope.is_all else self.bot_ids & scope.bot_ids
        return Scope(is_all=False, bot_ids=ids)


def resolve(database: Session, scope: Scope, key: str) -> Choice | None:
    """Find what a key names. None when nothing of it is in the scope, or it names nothing."""
    if key.startswith(TAG):
        tag = key.removeprefix(TAG)
        found = frozenset(bot.id for bot in bots.list_bots(database, scope=scope, tags=[tag]))
        return Choice(key, tag, found) if found else None
    bot = bots.find_bot(database, bot_id) if (bot_id := _to_id(key)) else None
    if bot is None or not scope.allows(bot.id):
        return None
    return Choice(key, bot.name, frozenset({bot.id}))


def chosen_bots(database: Session, key: str) -> frozenset[UUID] | None:
    """Give the bots that a key names, whoever may see them: None for all, nothing when it names none."""
    if not key:
        return None
    choice = resolve(database, bots.EVERY_BOT, key)
    return choice.bot_ids if choice else frozenset()


def find_choice() -> Choice | None:
    """Find what the person at hand chose. None for all bots, and when the chosen ones are gone."""
    if "shown_choice" not in g:
        key = session.get(_KEPT, "") if identity.find_person() else ""
        seen = identity.scope(Permission.BOT_VIEW) if key else None
        g.shown_choice = resolve(services().session(), seen, str(key)) if seen else None
    found: Choice | None = g.shown_choice
    return found


def keep_choice(choice: Choice | None) -> None:
    """Remember it for this browser until it is changed."""
    g.shown_choice = choice
    if choice is None:
        session.pop(_KEPT, None)
    else:
        session[_KEPT] = choice.key


def shown(scope: Scope) -> Scope:
    """Give what lists show of the bots that the person may see."""
    choice = find_choice()
    return scope if choice is None else choice.within(scope)


def _to_id(key: str) -> UUID | None:
    try:
        return UUID(key.removeprefix(BOT)) if key.startswith(BOT) else None
    except ValueError:
        return None
