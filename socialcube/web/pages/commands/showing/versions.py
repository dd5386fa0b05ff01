"""The history of a command for people."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy.orm import Session

from socialcube.domain.accounts import queries as accounts
from socialcube.domain.commands import queries
from socialcube.domain.commands.types import CommandView


@dataclass(frozen=True, slots=True)
class VersionLine:
    """One published version, and who made it."""

    number: int
    note: str
    who: str
    when: datetime
    is_live: bool


def list_versions(session: Session, command: CommandView) -> list[VersionLine]:
    """List the versions of a command, the newest first."""
    names: dict[str, str] = {}
    return [
        VersionLine(
            version.number,
            version.note,
            names.setdefault(version.published_by, say_actor(session, version.published_by)),
            version.published_at,
            is_live=version.number == command.published_version,
        )
        for version in queries.list_versions(session, command.bot_id, command.name)
    ]


def say_actor(session: Session, actor: str) -> str:
    """Give the name of whoever acted, from an actor as text."""
    kind, _, identifier = actor.partition(":")
    if kind == "cli":
        return f"{identifier} at the command line"
    if kind != "user":
        return "Social Cube"
    try:
        found = accounts.find_user(session, UUID(identifier))
    except ValueError:
        return identifier
    return found.display_name if found else "somebody who is gone"
