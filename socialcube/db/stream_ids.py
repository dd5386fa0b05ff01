"""Ids in commit order: whoever has seen id N has seen every row before it, with any number of writers.

docs/adr/0006-log-ids-in-commit-order.md has the measurements behind the choice.
"""

import zlib
from typing import Final

from sqlalchemy import BigInteger, Column, Connection, Sequence, String, Table, text
from sqlalchemy.dialects import sqlite

from socialcube.db.base import Base

_LOCK_CLASS: Final = 0x5C1D
_counters: Final = Table(
    "stream_counters",
    Base.metadata,
    Column("stream", String(32), primary_key=True),
    Column("last_id", BigInteger, nullable=False),
    # PostgreSQL counts in sequences, which leave no dead rows behind.
    info={"dialect": "sqlite"},
)
# The lock stands in a materialised query, so it is held before the sequence moves. Sequences are not
# transactional: a rollback leaves a gap, which no reader minds.
_ALLOCATE: Final = text(
    "WITH locked AS MATERIALIZED (SELECT pg_advisory_xact_lock(:lock_class, :lock_key) AS done) "
    "SELECT setval(CAST(:sequence AS regclass), nextval(CAST(:sequence AS regclass)) + :count - 1) "
    "FROM locked"
)


class StreamIds:
    """Gives the ids of one table. Declare one beside the table's model."""

    def __init__(self, table_name: str) -> None:
        self._table_name = table_name
        self._sequence = Sequence(f"{table_name}_id_seq", metadata=Base.metadata)
        self._lock_key = zlib.crc32(table_name.encode()) & 0x7FFFFFFF

    def allocate(self, connection: Connection, count: int) -> range:
        """Take the next ids and keep every other writer of the table waiting until this commit.

        Call it as late in the transaction as possible, and for several tables always in the same order.
        """
        take = self._take_sequence if connection.dialect.name == "postgresql" else self._take_counter
        last = take(connection, count)
        return range(last - count + 1, last + 1)

    def parameters(self, count: int) -> dict[str, int | str]:
        """Give what a statement needs that takes PostgreSQL's lock and ids together with something else."""
        return {
            "lock_class": _LOCK_CLASS,
            "lock_key": self._lock_key,
            "sequence": self._sequence.name,
            "count": count,
        }

    def _take_sequence(self, connection: Connection, count: int) -> int:
        return int(connection.execute(_ALLOCATE, self.parameters(count)).scalar_one())

    def _take_counter(self, connection: Connection, count: int) -> int:
        """Count in a row: SQLite lets one writer in at a time, so the order is the commit order."""
        statement = sqlite.insert(_counters).values(stream=self._table_name, last_id=count)
        counted = statement.on_conflict_do_update(
            index_elements=["stream"], set_={"last_id": _counters.c.last_id + count}
        )
        return int(connection.execute(counted.returning(_counters.c.last_id)).scalar_one())
