"""What is said about a committed batch: a hint for those who follow, a line about rows that were refused."""

import logging
from typing import Final

from sqlalchemy.exc import DBAPIError

from socialcube.domain.logs.ports import StreamNotifier
from socialcube.domain.logs.sink.store import Stored

_log: Final = logging.getLogger(__name__)


class Announcer:
    """Tells others about a batch and never raises."""

    def __init__(self, notify: StreamNotifier | None) -> None:
        self._notify = notify

    def announce(self, stored: Stored) -> None:
        """Hint at the new rows and log the refused ones."""
        for entry in stored.refused:
            _log.error("A row of the stream %s cannot be stored and is left out.", entry.stream)
        if self._notify is None:
            return
        for stream, highest in stored.highest.items():
            try:
                self._notify(stream, highest)
            except Exception as error:  # noqa: BLE001 - a lost hint is harmless, a dead writer is not
                _log.warning("A hint about new log rows was lost: %s", first_line(error))


def first_line(error: Exception) -> str:
    """Say what went wrong without the rows, which the full text of a database error repeats."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig else error
    return f"{type(cause).__name__}: {str(cause).partition(chr(10))[0]}"
