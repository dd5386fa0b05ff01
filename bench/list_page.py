"""A page of the command log among a million rows: against the same page among ten thousand.

The large table holds a hundred days in partitions of their own, the small one a single day.
"""

import statistics
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from uuid import UUID

from sqlalchemy import Engine, text
from sqlalchemy.orm import Session

from bench.pairs import Pair, compare
from socialcube.db.partitions import ensure_partitions
from socialcube.db.session import create_engine
from socialcube.domain.logs import queries
from socialcube.domain.logs.documents import ANYTHING, LogFilter
from socialcube.domain.logs.types import Page, Place, Stream
from tests.support.postgres import Cluster, run_name

MANY, FEW = 1_000_000, 10_000
DAYS = 100
PAGE = 50
BOTS = 100
CALLS = 20
QUIET = UUID(int=7)

# Every hundredth row belongs to one bot, every hundredth failed, and every hundredth person is "Mara".
_FILL = """
INSERT INTO command_logs (occurred_at, id, event_id, bot_id, command_name, guild_name, user_id, user_name,
    outcome, error_code, error_message, node_path, duration_ms, deferred, options, trace)
SELECT CAST(:now AS timestamptz) - (:count - n) * CAST(:step AS interval), n, gen_random_uuid(),
    CAST(lpad(to_hex(n % :bots), 32, '0') AS uuid), 'hello', 'Greenhouse', n,
    CASE WHEN n % 100 = 3 THEN 'Mara' ELSE 'Theo' END,
    CASE WHEN n % 100 = 5 THEN 'failed' ELSE 'succeeded' END,
    '', '', '', 12.5, false, '{"who": "you"}', '[{"node": "steps[0]", "ms": 1.5}]'
FROM generate_series(1, :count) AS n
"""
_MIDDLE = "SELECT occurred_at, id FROM command_logs WHERE id = (SELECT max(id) / 2 FROM command_logs)"
_KINDS = {
    "first": ANYTHING,
    "deep": ANYTHING,
    "of one bot": LogFilter(bot_ids=frozenset({QUIET})),
    "failed": LogFilter(outcome="failed"),
    "searched": LogFilter(text="mara"),
}


def measure() -> list[Pair]:
    """Measure milliseconds for a page, each the median of some calls."""
    cluster = Cluster(f"bench-{run_name()}")
    now = datetime.now(UTC)
    with (
        _filled(cluster, MANY, timedelta(days=DAYS) / MANY, now) as many,
        _filled(cluster, FEW, timedelta(days=1) / FEW, now) as few,
    ):
        return [_measure(kind, many, few) for kind in _KINDS] + [_measure_count(many, few)]


def _measure(kind: str, many: Engine, few: Engine) -> Pair:
    ours, raw = (partial(_milliseconds, engine, partial(_page, kind, engine)) for engine in (many, few))
    return compare(
        f"P5 list page, {kind}, ms", ours, raw, target="<= 1.2", note="PostgreSQL, 1 M : 10 k rows"
    )


def _measure_count(many: Engine, few: Engine) -> Pair:
    def count(session: Session) -> None:
        assert queries.count_up_to(session, Stream.COMMANDS).number == FEW

    ours, raw = (partial(_milliseconds, engine, count) for engine in (many, few))
    return compare("P5 count to 10,000, ms", ours, raw, target="<= 1.2", note="PostgreSQL, 1 M : 10 k rows")


def _page(kind: str, engine: Engine, session: Session) -> None:
    before = _middle(engine) if kind == "deep" else None
    page: Page = queries.list_page(session, Stream.COMMANDS, before, PAGE, _KINDS[kind])
    assert len(page.rows) == PAGE, f"{kind}: {len(page.rows)} rows"
    ids = [row.id for row in page.rows]
    assert ids == sorted(set(ids), reverse=True), "rows are out of order or doubled"


def _middle(engine: Engine) -> Place:
    place = _MIDDLES.get(id(engine))
    if place is None:
        with engine.connect() as connection:
            row = connection.execute(text(_MIDDLE)).one()
        place = _MIDDLES[id(engine)] = Place(row[0], row[1])
    return place


_MIDDLES: dict[int, Place] = {}


def _milliseconds(engine: Engine, read: Callable[[Session], None]) -> float:
    times = []
    for _ in range(CALLS):
        with Session(engine) as session:
            session.connection()
            started = time.perf_counter()
            read(session)
            times.append((time.perf_counter() - started) * 1000)
    return statistics.median(times)


@contextmanager
def _filled(cluster: Cluster, count: int, step: timedelta, now: datetime) -> Iterator[Engine]:
    with cluster.migrated_database() as url:
        engine = create_engine(url)
        ensure_partitions(engine, now.date() - timedelta(days=DAYS), DAYS + 7 if count == MANY else 0)
        ensure_partitions(engine, now.date())
        with engine.begin() as connection:
            values = {"now": now, "count": count, "step": step, "bots": BOTS}
            connection.execute(text(_FILL), values)
        with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.execute(text("VACUUM ANALYZE command_logs"))
        yield engine
        engine.dispose()


if __name__ == "__main__":
    for pair in measure():
        print(f"{pair.name}: {pair.ours:.2f} / {pair.raw:.2f} = {pair.ratio:.2f}")
