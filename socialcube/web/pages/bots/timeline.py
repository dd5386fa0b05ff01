"""What happened to a bot, from its log."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from socialcube.domain.logs import queries as logs
from socialcube.domain.logs.documents import ANYTHING, LogFilter
from socialcube.domain.logs.types import BotLogRecord, Level, Stream


@dataclass(frozen=True, slots=True)
class Happening:
    """One line of the timeline.

    Attributes:
        tone: class of its colour, empty for what is ordinary.
        icon: name in the sprite.
    """

    record: BotLogRecord
    title: str
    tone: str
    icon: str


def list_happenings(
    session: Session, bot_id: UUID, limit: int, filters: LogFilter = ANYTHING
) -> list[Happening]:
    """List what happened last to a bot, the newest first."""
    of_bot = filters.model_copy(update={"bot_ids": frozenset({bot_id})})
    rows = logs.list_page(session, Stream.BOTS, None, limit, of_bot).rows
    return [_happening(row.record) for row in rows if isinstance(row.record, BotLogRecord)]


def _happening(record: BotLogRecord) -> Happening:
    title, tone, icon = _LOOKS.get(record.kind, (_words(record.kind), "", "info"))
    if record.level == Level.WARNING:
        tone, icon = "warn", "s-unstable"
    if record.level == Level.ERROR and tone != "hold":
        tone, icon = "bad", "l-error"
    return Happening(record, title, tone, icon)


def _words(kind: str) -> str:
    return kind.replace("_", " ").capitalize()


_LOOKS: Final = {
    "claimed": ("Taken by a runner", "", "play"),
    "starting": ("Starting", "", "play"),
    "connected": ("Online", "ok", "check"),
    "resumed": ("Connection is back", "ok", "check"),
    "reconnecting": ("Connection lost", "warn", "s-unstable"),
    "stopped": ("Stopped", "off", "stop"),
    "held": ("Stopped on purpose", "hold", "s-hold"),
    "guild_joined": ("Joined a server", "ok", "server"),
    "guild_left": ("Left a server", "off", "server"),
    "commands_synced": ("Commands in sync", "", "restart"),
    "commands_problem": ("Trouble with commands", "warn", "s-unstable"),
    "commands_waiting": ("Commands wait", "warn", "clock"),
    "invocation_dropped": ("A command went unanswered", "warn", "s-unstable"),
}
