"""Durable log rows a second: our sink against a hand-written COPY into the same table and indexes."""

import tempfile
from pathlib import Path

from sqlalchemy import Engine, text

from bench.pairs import Pair, compare, per_second
from socialcube.db.bulk import insert_rows
from socialcube.db.session import create_engine, write_sessions
from socialcube.domain.logs.models import IDS, TABLES
from socialcube.domain.logs.sink.database import DatabaseLogSink
from socialcube.domain.logs.sink.limits import Limits
from socialcube.domain.logs.sink.rows import make_entry
from socialcube.domain.logs.types import CommandLogRecord, Stream
from socialcube.kernel.clock import SystemClock
from tests.factories.logs import make_command_log
from tests.support.postgres import Cluster, run_name

ROWS = 10_000
_TIMEOUT_SECONDS = 120


def measure() -> Pair:
    """Measure rows a second on a real PostgreSQL, equally durable on both sides.

    Ours goes from the record to the commit: cleaning, crash journal and batching included. The raw way
    begins with rows that are clean.
    """
    cluster = Cluster(f"bench-{run_name()}")
    with cluster.migrated_database() as url, tempfile.TemporaryDirectory() as folder:
        engine = create_engine(url)
        sink = DatabaseLogSink(
            write_sessions(engine), Path(folder), limits=Limits(rows=10**6, batch_rows=2_000)
        )
        sink.start()
        rounds = 0

        def ours() -> float:
            nonlocal rounds
            rounds += 1
            records = _records()
            return per_second(lambda: _through(sink, records), ROWS)

        def raw() -> float:
            nonlocal rounds
            rounds += 1
            rows = [make_entry(record).row for record in _records()]
            return per_second(lambda: _copy(engine, rows), ROWS)

        pair = compare(
            "P3 durable log rows a second", ours, raw, target=">= 0.75", note="PostgreSQL; lost 0, doubled 0"
        )
        sink.close()
        with engine.connect() as connection:
            found = connection.execute(
                text("SELECT count(*), count(DISTINCT event_id) FROM command_logs")
            ).one()
        engine.dispose()
        assert tuple(found) == (rounds * ROWS, rounds * ROWS), "rows were lost or doubled"
        return pair


def _records() -> list[CommandLogRecord]:
    now = SystemClock().now()
    return [make_command_log(occurred_at=now) for _ in range(ROWS)]


def _through(sink: DatabaseLogSink, records: list[CommandLogRecord]) -> None:
    for record in records:
        sink.put(record)
    assert sink.flush(_TIMEOUT_SECONDS), "the sink did not settle"


def _copy(engine: Engine, rows: list[dict[str, object]]) -> None:
    """Write rows that are clean already in batches of the same size, each in a transaction."""
    for start in range(0, len(rows), 2_000):
        batch = rows[start : start + 2_000]
        with engine.begin() as connection:
            ids = IDS[Stream.COMMANDS].allocate(connection, len(batch))
            numbered = [{"id": number, **row} for number, row in zip(ids, batch, strict=True)]
            insert_rows(connection, TABLES[Stream.COMMANDS], numbered)
