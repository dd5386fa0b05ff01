"""What a tailer reads from the database: new rows, and the names of their bots."""

import time
from collections.abc import Callable
from typing import Final, Protocol
from uuid import UUID

from sqlalchemy.orm import Session

from socialcube.domain.bots import queries as bots
from socialcube.domain.logs import queries as logs
from socialcube.domain.logs.types import LogRow, Stream

NAMES_SECONDS: Final = 30.0
"""How long a bot's old name may still be shown beside new rows."""


class RowSource(Protocol):
    """Gives the committed rows of one stream."""

    def latest_id(self) -> int:
        """Give the highest committed id, 0 when there are no rows."""
        ...

    def list_since(self, since_id: int, limit: int) -> list[LogRow]:
        """Give rows with greater ids, in commit order."""
        ...


class DatabaseRows:
    """Reads the log tables, with a session of its own for each read."""

    def __init__(self, sessions: Callable[[], Session], stream: Stream) -> None:
        self._sessions = sessions
        self._stream = stream

    def latest_id(self) -> int:
        """Read, as the protocol says."""
        with self._sessions() as session:
            return logs.latest_id(session, self._stream)

    def list_since(self, since_id: int, limit: int) -> list[LogRow]:
        """Read, as the protocol says."""
        with self._sessions() as session:
            return logs.list_since(session, self._stream, since_id, limit)


class BotNames:
    """Names of bots, read again when one is unknown or they are old."""

    def __init__(
        self, sessions: Callable[[], Session], monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        self._sessions = sessions
        self._monotonic = monotonic
        self._names: dict[UUID, str] = {}
        self._read_at = -NAMES_SECONDS

    def name_of(self, bot_id: UUID | None) -> str:
        """Give a bot's name, the end of its key when it was deleted, nothing when there is no bot."""
        if bot_id is None:
            return ""
        now = self._monotonic()
        if bot_id not in self._names or now - self._read_at >= NAMES_SECONDS:
            self._read(now)
        # A deleted bot keeps a place here, or each of its rows would ask again.
        return self._names.setdefault(bot_id, f"deleted {str(bot_id)[-6:]}")

    def _read(self, now: float) -> None:
        with self._sessions() as session:
            self._names = {bot.id: bot.name for bot in bots.list_bots(session)}
        self._read_at = now
