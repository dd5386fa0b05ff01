"""The history of a command for people."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy.orm import Session

from socialcube.domain.commands import queries
from socialcube.domain.commands.types import CommandView
from socialcube.web.names import name_actor


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
    return [
        VersionLine(
            version.number,
            version.note,
            name_actor(version.published_by),
            version.published_at,
            is_live=version.number == command.published_version,
        )
        for version in queries.list_versions(session, command.bot_id, command.name)
    ]
