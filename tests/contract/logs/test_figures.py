from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from socialcube.db.unit_of_work import UnitOfWork
from socialcube.domain.access.types import Scope
from socialcube.domain.logs import queries, service
from socialcube.domain.logs.sink.rows import make_entry
from socialcube.domain.logs.sink.store import RowStore
from socialcube.domain.logs.types import NO_BOT, Figures, Grain, LogRecord, Outcome, Stream
from tests.factories.logs import BOT, OTHER_BOT, make_command_log, make_error_log
from tests.fakes.clock import START, FakeClock
from tests.support.databases import Database

EVERYTHING = Scope(is_all=True)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NOON = START.replace(hour=12, minute=0, second=0, microsecond=0)


def store(database: Database, records: Sequence[LogRecord]) -> None:
    RowStore(database.writes).write([make_entry(record) for record in records])


def fold(database: Database, stream: Stream = Stream.COMMANDS, limit: int = 1000) -> int:
    with database.unit(clock=FakeClock()) as uow:
        counted = service.fold_figures(uow, stream, limit)
        uow.commit()
    return counted


def runs_by_start(database: Database, grain: Grain) -> dict[str, int]:
    with database.reads() as session:
        found = queries.list_figures(session, EVERYTHING, grain, NOON - 9 * DAY, NOON + 9 * DAY)
    return {f"{start:%d %H:%M}": figures.runs for start, figures in found.items()}


def total(database: Database, scope: Scope = EVERYTHING, grain: Grain = Grain.HOUR) -> Figures:
    with database.reads() as session:
        return queries.sum_figures(session, scope, grain, NOON - 9 * DAY, NOON + 9 * DAY)


def test_every_run_counts_once_in_its_minute_and_its_hour(database: Database) -> None:
    moments = [NOON, NOON + timedelta(seconds=59.999), NOON + MINUTE, NOON + HOUR]
    store(database, [make_command_log(occurred_at=moment) for moment in moments])
    assert fold(database) == 4
    assert fold(database) == 0
    day = f"{NOON:%d}"
    assert runs_by_start(database, Grain.MINUTE) == {
        f"{day} 12:00": 2,
        f"{day} 12:01": 1,
        f"{day} 13:00": 1,
    }
    assert runs_by_start(database, Grain.HOUR) == {f"{day} 12:00": 3, f"{day} 13:00": 1}


def test_a_row_that_comes_late_counts_for_its_own_minute(database: Database) -> None:
    store(database, [make_command_log(occurred_at=NOON)])
    fold(database)
    store(database, [make_command_log(occurred_at=NOON - 3 * DAY), make_command_log(occurred_at=NOON)])
    fold(database)
    assert runs_by_start(database, Grain.HOUR) == {
        f"{NOON - 3 * DAY:%d} 12:00": 1,
        f"{NOON:%d} 12:00": 2,
    }


def test_a_fold_goes_on_where_the_last_one_stopped(database: Database) -> None:
    store(database, [make_command_log(occurred_at=NOON) for _ in range(7)])
    assert [fold(database, limit=3) for _ in range(4)] == [3, 3, 1, 0]
    assert total(database).runs == 7


def test_what_is_not_committed_is_counted_by_the_next(database: Database) -> None:
    store(database, [make_command_log(occurred_at=NOON) for _ in range(3)])
    with database.unit() as uow:
        assert service.fold_figures(uow, Stream.COMMANDS) == 3
    assert total(database).runs == 0
    fold(database)
    assert total(database).runs == 3


def test_outcomes_and_errors_are_told_apart(database: Database) -> None:
    outcomes = [Outcome.SUCCEEDED, Outcome.FAILED, Outcome.TIMED_OUT, Outcome.REFUSED]
    store(database, [make_command_log(occurred_at=NOON, outcome=outcome) for outcome in outcomes])
    store(database, [make_error_log(occurred_at=NOON, bot_id=BOT), make_error_log(occurred_at=NOON)])
    fold(database)
    fold(database, Stream.ERRORS)
    everything, mine = total(database), total(database, Scope(is_all=False, bot_ids=frozenset({BOT})))
    assert (everything.runs, everything.failed, everything.errors) == (4, 2, 2)
    assert (mine.runs, mine.failed, mine.errors) == (4, 2, 1)
    assert total(database, Scope(is_all=False, bot_ids=frozenset({NO_BOT}))).errors == 1
    assert total(database, Scope(is_all=False)) == Figures()


@pytest.mark.parametrize(
    ("milliseconds", "bucket"), [(0, 0), (2, 0), (2.1, 1), (30_000, 20), (30_000.5, 21), (9e9, 21)]
)
def test_times_fall_into_the_bucket_whose_bound_they_do_not_pass(
    database: Database, milliseconds: float, bucket: int
) -> None:
    store(database, [make_command_log(occurred_at=NOON, duration_ms=milliseconds)])
    fold(database)
    buckets = total(database).buckets
    assert [number for number, count in enumerate(buckets) if count] == [bucket]


def test_figures_are_kept_apart_by_bot_and_command(database: Database) -> None:
    store(
        database,
        [
            make_command_log(occurred_at=NOON, command_name="hello"),
            make_command_log(occurred_at=NOON, command_name="roll", outcome=Outcome.FAILED),
            make_command_log(
                occurred_at=NOON + MINUTE, command_name="hello", bot_id=OTHER_BOT, duration_ms=2001
            ),
        ],
    )
    store(database, [make_error_log(occurred_at=NOON)])
    fold(database)
    fold(database, Stream.ERRORS)
    with database.reads() as session:
        of_bots = queries.list_bot_runs(session, EVERYTHING, Grain.MINUTE, NOON, NOON + HOUR)
        mine = Scope(is_all=False, bot_ids=frozenset({BOT}))
        of_commands = queries.list_command_figures(session, mine, NOON, NOON + HOUR)
        sums = queries.sum_bot_figures(session, EVERYTHING, Grain.HOUR, NOON, NOON + HOUR)
        late = queries.list_late_commands(session, EVERYTHING, NOON, NOON + HOUR, beyond_ms=2000.0)
        errors = queries.count_bot_errors(session, EVERYTHING, Grain.MINUTE, NOON, NOON + HOUR)
        narrowed = queries.list_command_figures(session, mine, NOON, NOON + HOUR, names={"roll"})
    assert of_bots == {NOON: {BOT: 2}, NOON + MINUTE: {OTHER_BOT: 1}}
    assert (late, errors, set(narrowed)) == ({(OTHER_BOT, "hello")}, {NO_BOT: 1}, {(BOT, "roll")})
    assert {key: (each.runs, each.failed) for key, each in of_commands.items()} == {
        (BOT, "hello"): (1, 0),
        (BOT, "roll"): (1, 1),
    }
    assert {bot: figures.runs for bot, figures in sums.items()} == {BOT: 2, OTHER_BOT: 1, NO_BOT: 0}


def test_the_end_of_a_stretch_does_not_belong_to_it(database: Database) -> None:
    store(database, [make_command_log(occurred_at=NOON), make_command_log(occurred_at=NOON + HOUR)])
    fold(database)
    with database.reads() as session:
        assert queries.sum_figures(session, EVERYTHING, Grain.HOUR, NOON, NOON + HOUR).runs == 1


def test_several_at_once_count_every_row_once(database: Database) -> None:
    store(database, [make_command_log(occurred_at=NOON) for _ in range(200)])
    start = Barrier(4)

    def fold_all(_: int) -> int:
        start.wait()
        return sum(fold(database, limit=20) for _ in range(10))

    with ThreadPoolExecutor(4) as pool:
        counted = sum(pool.map(fold_all, range(4)))
    while more := fold(database):
        counted += more
    assert counted == total(database).runs == 200


def test_the_lag_says_how_many_ids_are_not_counted_yet(database: Database) -> None:
    store(database, [make_command_log(occurred_at=NOON) for _ in range(5)])
    fold(database, limit=2)
    with database.reads() as session:
        (lag,) = queries.list_fold_lags(session)
    assert (lag.stream, lag.rows, lag.since) == (Stream.COMMANDS, 3, NOON)


def test_old_figures_go_minutes_before_hours(database: Database) -> None:
    store(database, [make_command_log(occurred_at=START - days * DAY) for days in (1, 10, 401)])
    fold(database)

    def expire(uow: UnitOfWork) -> int:
        return service.delete_expired_figures(uow)

    with database.unit(clock=FakeClock()) as uow:
        assert expire(uow) == 2 + 1 + 1
        uow.commit()
    with database.reads() as session:
        first = START - 500 * DAY
        minutes = queries.list_figures(session, EVERYTHING, Grain.MINUTE, first, START)
        hours = queries.list_figures(session, EVERYTHING, Grain.HOUR, first, START)
    assert (len(minutes), len(hours)) == (1, 2)
