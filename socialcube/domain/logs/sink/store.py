"""Batches of rows into the database, each in one transaction, with ids in commit order."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from operator import attrgetter
from typing import Final

from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, StatementError
from sqlalchemy.orm import Session

from socialcube.db.bulk import insert_rows
from socialcube.domain.logs.models import IDS, TABLES
from socialcube.domain.logs.sink.rows import Entry
from socialcube.domain.logs.types import Stream

_of_stream: Final = attrgetter("stream")


@dataclass(frozen=True, slots=True)
class Stored:
    """What a batch came to: the highest id per stream, and rows that no database takes."""

    highest: dict[Stream, int] = field(default_factory=dict)
    refused: tuple[Entry, ...] = ()

    def __add__(self, other: "Stored") -> "Stored":
        return Stored(self.highest | other.highest, self.refused + other.refused)


class RowStore:
    """Writes batches.

    Args:
        sessions: makes sessions that write.
    """

    def __init__(self, sessions: Callable[[], Session]) -> None:
        self._sessions = sessions

    def write(self, entries: Sequence[Entry], *, again: bool = False) -> Stored:
        """Commit a batch. A row that cannot be stored is left out; the others are.

        Args:
            entries: rows of any streams.
            again: some rows may be in the database already, so those are skipped.

        Raises:
            sqlalchemy.exc.SQLAlchemyError: the database cannot take rows now. Nothing is known of the
                commit then; try again with `again`.
        """
        try:
            return Stored(self._commit(entries, again=again))
        except IntegrityError:
            return self._divide(entries) if again else self.write(entries, again=True)
        except (DataError, OverflowError, ValueError, TypeError):
            return self._divide(entries)
        except StatementError as error:
            if isinstance(error, DBAPIError):
                raise
            return self._divide(entries)

    def _commit(self, entries: Iterable[Entry], *, again: bool) -> dict[Stream, int]:
        highest = {}
        with self._sessions() as session:
            connection = session.connection()
            # Every writer takes the locks of the streams in the same order.
            for stream, group in groupby(sorted(entries, key=_of_stream), key=_of_stream):
                rows = [entry.row for entry in group]
                ids = IDS[stream].allocate(connection, len(rows))
                numbered = [{"id": number, **row} for number, row in zip(ids, rows, strict=True)]
                insert_rows(connection, TABLES[stream], numbered, skip_existing=again)
                highest[stream] = ids[-1]
            session.commit()
        return highest

    def _divide(self, entries: Sequence[Entry]) -> Stored:
        """Write the halves apart until the row at fault stands alone."""
        if len(entries) == 1:
            return Stored(refused=tuple(entries))
        middle = len(entries) // 2
        return self.write(entries[:middle], again=True) + self.write(entries[middle:], again=True)
