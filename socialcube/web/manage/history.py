"""Who changed what for a bot in a server, for the server's own managers."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from uuid import UUID

from socialcube.domain.audit import queries as audit
from socialcube.domain.audit.types import AuditEntry
from socialcube.domain.guilds import queries
from socialcube.web import identity
from socialcube.web.context import services
from socialcube.web.names import name_actor

MOST: Final = 5

_LABELS: Final = {
    "locale": "Language",
    "time_zone": "Time zone",
    "log_channel": "Log channel",
    "disabled_commands": "Commands",
}


@dataclass(frozen=True, slots=True)
class Change:
    """One change.

    Attributes:
        who: a name, as people read it.
        what: labels of what was changed.
    """

    who: str
    what: tuple[str, ...]
    at: datetime


def list_changes(bot_id: UUID, guild_id: UUID) -> list[Change]:
    """List the last changes, the newest first. What was set is not told, only that it was."""
    session = services().session()
    labels = {field.key: field.label for field in queries.get_form(session, bot_id).fields}
    return [
        Change(_name(entry), _changed(entry, labels), entry.occurred_at)
        for entry in audit.list_about(session, bot_id, "guild.settings", guild_id, limit=MOST)
    ]


def _name(entry: AuditEntry) -> str:
    """Name a person. Which processes and accounts of the machine there are is nobody's business here."""
    if entry.actor == str(identity.actor()):
        return "You"
    return name_actor(entry.actor) if entry.actor.startswith("user:") else "The bot's team"


def _changed(entry: AuditEntry, labels: Mapping[str, str]) -> tuple[str, ...]:
    before, after = entry.before or {}, entry.after or {}
    fixed = [label for key, label in _LABELS.items() if before.get(key) != after.get(key)]
    old, new = _values(before), _values(after)
    own = [label for key, label in labels.items() if old.get(key) != new.get(key)]
    return (*own, *fixed)


def _values(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    values = facts.get("values")
    return values if isinstance(values, dict) else {}
