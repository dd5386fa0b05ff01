"""The consumer of the backlog: batches to the database, and patience while it is away."""

import logging
import random
import threading
from collections.abc import Sequence
from typing import Final

from socialcube.domain.logs.sink.announcer import Announcer, first_line
from socialcube.domain.logs.sink.backlog import Backlog
from socialcube.domain.logs.sink.limits import Limits
from socialcube.domain.logs.sink.rows import Entry
from socialcube.domain.logs.sink.store import RowStore

_log: Final = logging.getLogger(__name__)
_MOST_DOUBLINGS: Final = 10


class Writer:
    """Moves rows from the backlog into the database, in order. Belongs to one thread.

    Args:
        stopping: set when the writer shall give up waiting for the database.
    """

    def __init__(
        self,
        store: RowStore,
        backlog: Backlog,
        announcer: Announcer,
        limits: Limits,
        stopping: threading.Event,
    ) -> None:
        self._store = store
        self._backlog = backlog
        self._announcer = announcer
        self._limits = limits
        self._stopping = stopping

    def write_next(self) -> bool:
        """Commit the next batch, if rows come in time. Tells whether one was committed."""
        batch = self._backlog.take(
            self._limits.batch_rows, patience=self._limits.patience, window=self._limits.window
        )
        if not batch or not self._write(batch):
            return False
        self._backlog.finish()
        return True

    def _write(self, batch: Sequence[Entry]) -> bool:
        """Try until the batch is in. Gives False when told to stop before that."""
        tries = 0
        while True:
            try:
                stored = self._store.write(batch, again=tries > 0)
            except Exception as error:  # noqa: BLE001 - no error may end the only writer; it tries again
                if not tries:
                    _log.warning("The database takes no log rows, they are kept: %s", first_line(error))
                tries += 1
                if self._stopping.wait(self._delay(tries)):
                    return False
            else:
                if tries:
                    _log.info("The database takes log rows again.")
                self._announcer.announce(stored)
                return True

    def _delay(self, tries: int) -> float:
        grown = self._limits.first_delay * (1 << min(tries - 1, _MOST_DOUBLINGS))
        return min(grown, self._limits.longest_delay) * random.uniform(0.5, 1.0)  # noqa: S311 - jitter, no secret
