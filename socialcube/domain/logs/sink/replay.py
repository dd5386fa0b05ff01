"""Brings the rows of dead processes to the database, from the journals they left on this disk."""

import logging
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Final

from socialcube.domain.logs.sink.announcer import Announcer, first_line
from socialcube.domain.logs.sink.journal import Orphan, delete_damaged, find_orphans
from socialcube.domain.logs.sink.rows import Entry, decode_line
from socialcube.domain.logs.sink.store import RowStore

_log: Final = logging.getLogger(__name__)
_BATCH_ROWS: Final = 500


class Replayer:
    """Commits orphaned rows once, however often it is interrupted.

    Args:
        folder: where the journals of all processes on this disk lie.
    """

    def __init__(self, store: RowStore, announcer: Announcer, folder: Path) -> None:
        self._store = store
        self._announcer = announcer
        self._folder = folder

    def bring_in_orphans(self) -> None:
        """Commit what orphaned journals hold. A file goes only after all its rows are in, or set aside."""
        try:
            for orphan in find_orphans(self._folder):
                self._bring_in(orphan)
        except Exception as error:  # noqa: BLE001 - whatever it was, the files wait for the next time
            _log.warning("An orphaned log journal could not be brought in yet: %s", first_line(error))

    def forget_damaged(self, before: float) -> None:
        """Delete what was set aside before a moment, in seconds since 1970."""
        try:
            if count := delete_damaged(self._folder, before):
                _log.info("Deleted %d files with damaged log lines that nobody fetched.", count)
        except OSError as error:
            _log.warning("Old damaged log lines could not be deleted: %s", first_line(error))

    def _bring_in(self, orphan: Orphan) -> None:
        damaged: list[bytes] = []
        entries = _decode(orphan, damaged)
        count = 0
        while batch := list(islice(entries, _BATCH_ROWS)):
            self._announcer.announce(self._store.write(batch, again=True))
            count += len(batch)
        if damaged:
            kept = orphan.set_aside(damaged)
            _log.warning("%d lines of a journal are damaged; they are kept in %s.", len(damaged), kept)
        orphan.delete()
        _log.info("Brought in %d log rows of a process that died.", count)


def _decode(orphan: Orphan, damaged: list[bytes]) -> Iterator[Entry]:
    for line in orphan.lines():
        try:
            yield decode_line(line)
        except (ValueError, KeyError, TypeError, AttributeError):
            damaged.append(line)
