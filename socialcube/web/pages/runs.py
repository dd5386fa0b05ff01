"""The latest command runs, as lists on pages show them."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from sqlalchemy.orm import Session

from socialcube.domain.access.types import Scope
from socialcube.domain.logs import queries as logs
from socialcube.domain.logs.documents import ANYTHING, LogFilter
from socialcube.domain.logs.types import CommandLogRecord, Outcome, Stream

SLOW_MS: Final = 1500.0
"""From here on Discord is told that the answer takes longer; at 3 s it would give up."""


@dataclass(frozen=True, slots=True)
class Run:
    """One line of the list.

    Attributes:
        tone: class of its colour.
        icon: name in the sprite.
        outcome: how it ended, in a word for those who cannot see the icon.
    """

    record: CommandLogRecord
    bot_name: str
    tone: str
    icon: str
    outcome: str


def list_runs(
    session: Session,
    scope: Scope,
    names: Mapping[UUID, str],
    limit: int,
    filters: LogFilter = ANYTHING,
) -> list[Run]:
    """List the latest runs, the newest first.

    Args:
        session: any open session.
        scope: bots on which the person may see the log.
        names: of the bots; runs of others are left out.
        limit: how many at most.
        filters: what else is asked of them.
    """
    bot_ids = frozenset(bot_id for bot_id in names if scope.allows(bot_id))
    if not bot_ids:
        return []
    of_bots = filters.model_copy(update={"bot_ids": bot_ids})
    rows = logs.list_page(session, Stream.COMMANDS, None, limit, of_bots).rows
    return [
        _run(row.record, names[row.record.bot_id]) for row in rows if isinstance(row.record, CommandLogRecord)
    ]


def _run(record: CommandLogRecord, bot_name: str) -> Run:
    tone, icon, outcome = _LOOKS.get(record.outcome, _LOOKS[Outcome.FAILED])
    if record.outcome == Outcome.SUCCEEDED and record.duration_ms >= SLOW_MS:
        tone, icon, outcome = "warn", "clock", "Answered late"
    return Run(record, bot_name, tone, icon, outcome)


_LOOKS: Final[dict[str, tuple[str, str, str]]] = {
    Outcome.SUCCEEDED: ("ok", "check", "Answered"),
    Outcome.REFUSED: ("hold", "shield", "Refused"),
    Outcome.TIMED_OUT: ("bad", "clock", "Out of time"),
    Outcome.FAILED: ("bad", "l-error", "Failed"),
}
