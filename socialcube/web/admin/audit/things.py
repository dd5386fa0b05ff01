"""What entries are about, by its name and with a way to it, while it exists and the reader may see it."""

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Final
from uuid import UUID

from flask import url_for
from sqlalchemy import select

from socialcube.domain.access.policy import can
from socialcube.domain.access.types import Permission, Subject
from socialcube.domain.accounts.models import AccessGroup, Role, User
from socialcube.domain.audit.types import AuditEntry
from socialcube.domain.bots.models import Bot
from socialcube.domain.commands.models import Command
from socialcube.domain.guilds.models import Guild
from socialcube.kernel.ids import read_id
from socialcube.web import identity
from socialcube.web.context import services

_SHORT_ID: Final = 8
_NAMES: Final = ("name", "display_name", "label")


@dataclass(frozen=True, slots=True)
class Thing:
    """What an entry is about.

    Attributes:
        label: its name, or its id where it has none.
        url: where it is, empty when there is nothing to see.
        is_id: whether the label is only an id.
    """

    label: str
    url: str = ""
    is_id: bool = False


_Key = tuple[str, str]


def find_things(entries: Iterable[AuditEntry]) -> Mapping[_Key, Thing]:
    """Find what entries are about, with one question to the database for each kind of thing."""
    ids: dict[str, set[UUID]] = defaultdict(set)
    found: dict[_Key, Thing] = {}
    for entry in entries:
        found[entry.subject_kind, entry.subject_id] = _remembered(entry)
        key = read_id(entry.subject_id)
        if key is not None:
            ids[entry.subject_kind].add(key)
    for kind, finder in _FINDERS.items():
        if ids[kind]:
            found |= {(kind, str(key)): thing for key, thing in finder(ids[kind]).items()}
    return found


def _remembered(entry: AuditEntry) -> Thing:
    """Name a thing as the entry itself does: it may be gone, and may have been called otherwise then."""
    for data in (entry.after, entry.before):
        for name in _NAMES:
            if data and isinstance(label := data.get(name), str) and label:
                return Thing(label)
    key = entry.subject_id
    return Thing(key[:_SHORT_ID] if read_id(key) else key, is_id=True)


def _bots(ids: Collection[UUID]) -> dict[UUID, Thing]:
    rows = _read(select(Bot.id, Bot.name, Bot.deleted_at).where(Bot.id.in_(ids)))
    return {
        key: Thing(name, "" if gone else _url(Permission.BOT_VIEW, "bot.show", key, bot_id=key))
        for key, name, gone in rows
    }


def _commands(ids: Collection[UUID]) -> dict[UUID, Thing]:
    rows = _read(select(Command.id, Command.name, Command.bot_id).where(Command.id.in_(ids)))
    return {
        key: Thing(f"/{name}", _url(Permission.COMMAND_VIEW, "command.show", bot_id, command_id=key))
        for key, name, bot_id in rows
    }


def _people(ids: Collection[UUID]) -> dict[UUID, Thing]:
    rows = _read(select(User.id, User.display_name, User.name).where(User.id.in_(ids)))
    return {
        key: Thing(shown or name, _url(Permission.SITE_ADMIN, "people.details_view", None, id=key))
        for key, shown, name in rows
    }


def _servers(ids: Collection[UUID]) -> dict[UUID, Thing]:
    rows = _read(select(Guild.id, Guild.name).where(Guild.id.in_(ids)))
    return {
        key: Thing(name, _url(Permission.GUILD_VIEW, "servers.details_view", None, id=key))
        for key, name in rows
    }


def _roles(ids: Collection[UUID]) -> dict[UUID, Thing]:
    rows = _read(select(Role.id, Role.name).where(Role.id.in_(ids)))
    return {
        key: Thing(name, _url(Permission.SITE_ADMIN, "roles.edit_view", None, id=key)) for key, name in rows
    }


def _groups(ids: Collection[UUID]) -> dict[UUID, Thing]:
    rows = _read(select(AccessGroup.id, AccessGroup.name).where(AccessGroup.id.in_(ids)))
    return {
        key: Thing(name, _url(Permission.SITE_ADMIN, "group.show", None, group_id=key)) for key, name in rows
    }


_FINDERS: Final[Mapping[str, Callable[[Collection[UUID]], dict[UUID, Thing]]]] = {
    "bot": _bots,
    "command": _commands,
    "group": _groups,
    "guild": _servers,
    "role": _roles,
    "user": _people,
}


def _url(permission: Permission, endpoint: str, on_bot: UUID | None, **values: Any) -> str:
    subject = Subject.bot(on_bot) if on_bot else None
    return url_for(endpoint, **values) if can(identity.actor(), permission, subject) else ""


def _read(statement: Any) -> Any:
    return services().session().execute(statement)
