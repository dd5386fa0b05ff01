from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from socialcube.domain.access.types import Scope
from socialcube.domain.logs import queries
from socialcube.domain.logs.documents import ANYTHING, LogFilter, read_place
from socialcube.domain.logs.errors import PlaceUnreadableError
from socialcube.domain.logs.sink.rows import make_entry
from socialcube.domain.logs.sink.store import RowStore
from socialcube.domain.logs.types import (
    BotLogRecord,
    CommandLogRecord,
    Counted,
    ErrorLogRecord,
    LogRecord,
    Outcome,
    Page,
    Place,
    Stream,
)
from socialcube.kernel.ids import new_id
from tests.factories.logs import (
    BOT,
    OTHER_BOT,
    make_bot_log,
    make_command_log,
    make_error_log,
    make_request_log,
)
from tests.fakes.clock import START, FakeClock
from tests.support.databases import Database

NOW = FakeClock(START)


def store(database: Database, records: Sequence[LogRecord]) -> None:
    RowStore(database.writes).write([make_entry(record) for record in records])


def days_ago(days: float) -> CommandLogRecord:
    return make_command_log(occurred_at=START - timedelta(days=days), command_name=f"d{days:g}")


def page(
    database: Database, before: Place | None = None, limit: int = 3, filters: LogFilter = ANYTHING
) -> Page:
    with database.reads() as session:
        return queries.list_page(session, Stream.COMMANDS, before, limit, filters, clock=NOW)


def names(found: Page) -> list[str]:
    return [row.record.command_name for row in found.rows if isinstance(row.record, CommandLogRecord)]


def walk(database: Database, limit: int, filters: LogFilter = ANYTHING) -> Iterator[str]:
    found = page(database, None, limit, filters)
    yield from names(found)
    while found.older:
        found = page(database, found.older, limit, filters)
        yield from names(found)


@pytest.fixture
def history(database: Database) -> Database:
    """Runs over a year, stored out of order, one of them from a clock that is ahead."""
    ages = (0, 300, 2, 40, 0.5, 7, -3, 90, 1, 20)
    store(database, [days_ago(age) for age in ages])
    return database


IN_ORDER = ["d-3", "d0", "d0.5", "d1", "d2", "d7", "d20", "d40", "d90", "d300"]


@pytest.mark.parametrize("limit", [1, 3, 10, 100])
def test_a_walk_meets_every_row_once_by_time_whatever_the_pages(history: Database, limit: int) -> None:
    assert list(walk(history, limit)) == IN_ORDER


def test_rows_of_one_moment_are_told_apart(database: Database) -> None:
    store(database, [make_command_log(command_name=f"c{number}") for number in range(5)])
    assert list(walk(database, 2)) == ["c4", "c3", "c2", "c1", "c0"]


def test_a_filter_holds_on_every_page(history: Database) -> None:
    filters = LogFilter(after=START - timedelta(days=50), before=START - timedelta(hours=1))
    assert list(walk(history, 2, filters)) == ["d0.5", "d1", "d2", "d7", "d20", "d40"]


def test_the_way_back_shows_the_same_rows(history: Database) -> None:
    first = page(history)
    assert first.older is not None
    second = page(history, first.older)
    assert second.newer is not None
    with history.reads() as session:
        back = queries.list_newer(session, Stream.COMMANDS, second.newer, 3, clock=NOW)
        assert names(back) == names(first)
        assert back.older == first.older
        assert back.newer is not None
        ahead = queries.list_newer(session, Stream.COMMANDS, back.newer, 3, clock=NOW)
    assert (ahead.rows, ahead.older, ahead.newer) == ((), back.newer, None)


def test_a_search_that_finds_little_says_how_far_it_looked(history: Database) -> None:
    with history.reads() as session:
        found = queries.list_page(
            session, Stream.COMMANDS, None, 3, LogFilter(text="d300"), clock=Ticking(), patience=0.5
        )
    assert (names(found), found.is_partial) == ([], True)
    assert found.older == Place(START - timedelta(days=1), 0)
    assert names(page(history, found.older, filters=LogFilter(text="d300"))) == ["d300"]


class Ticking(FakeClock):
    """A clock on which every look takes a second."""

    def monotonic(self) -> float:
        self.advance(1)
        return super().monotonic()

    def now(self) -> datetime:
        return START


def test_a_place_survives_an_address() -> None:
    place = Place(START + timedelta(microseconds=1), 42)
    assert str(place) == "2026-01-02T03:04:05.000001Z_42"
    assert read_place(str(place)) == place


@pytest.mark.parametrize(
    "text",
    [
        *("", "_", "x_1", "2026-01-02T03:04:05_1", "2026-01-02T03:04:05Z_-1"),
        *("2026-01-02T03:04:05Z_9223372036854775808", "2026-01-02T03:04:05Z_' OR 1=1"),
        *("9999-12-31T23:59:59Z_1", "0001-01-01T00:00:00+14:00_1"),
    ],
)
def test_a_broken_place_is_refused(text: str) -> None:
    with pytest.raises(PlaceUnreadableError):
        read_place(text)


def test_counts_are_exact_below_the_limit(history: Database) -> None:
    with history.reads() as session:
        exact = queries.count_up_to(session, Stream.COMMANDS, ANYTHING, 11, clock=NOW)
        more = queries.count_up_to(session, Stream.COMMANDS, ANYTHING, 10, clock=NOW)
        some = queries.count_up_to(session, Stream.COMMANDS, LogFilter(command="d40"), clock=NOW)
        impatient = queries.count_up_to(session, Stream.COMMANDS, clock=Ticking(), patience=0.5)
    assert (exact, str(exact)) == (Counted(10, is_exact=True), "10")
    assert (more, str(more)) == (Counted(9, is_exact=False), "9+")
    assert some == Counted(1, is_exact=True)
    assert impatient == Counted(4, is_exact=False)


def test_a_scope_narrows_a_filter_and_never_widens_it(database: Database) -> None:
    store(database, [make_error_log(), make_error_log(bot_id=BOT), make_error_log(bot_id=OTHER_BOT)])
    mine, everything = Scope(is_all=False, bot_ids=frozenset({BOT})), Scope(is_all=True)
    both = LogFilter(bot_ids=frozenset({BOT, OTHER_BOT}))

    def count(filters: LogFilter) -> int:
        with database.reads() as session:
            return len(queries.list_page(session, Stream.ERRORS, None, 9, filters, clock=NOW).rows)

    assert count(ANYTHING.within(everything)) == 3
    assert count(ANYTHING.within(mine)) == count(both.within(mine)) == 1
    assert count(LogFilter(bot_ids=frozenset({OTHER_BOT})).within(mine)) == 0


def test_requests_are_filtered_by_status(database: Database) -> None:
    store(database, [make_request_log(status=status) for status in (200, 404, 500)])
    with database.reads() as session:
        found = queries.list_page(session, Stream.REQUESTS, filters=LogFilter(min_status=400), clock=NOW)
    assert len(found.rows) == 2


@pytest.mark.parametrize(
    "event_id", [new_id(), UUID("6f1f1c5e-0000-4000-8000-000000000001")], ids=["by its time", "anywhere"]
)
def test_a_row_is_found_by_its_event_id_wherever_it_stands(database: Database, event_id: UUID) -> None:
    store(database, [make_command_log(event_id=event_id), make_command_log()])
    with database.reads() as session:
        found = queries.find_row(session, Stream.COMMANDS, event_id)
        assert found is not None
        assert found.record.event_id == event_id
        assert queries.find_row(session, Stream.BOTS, event_id) is None


@pytest.mark.parametrize("number", [0, (1 << 128) - 1, (0xFFFFFFFFFFFF << 80) | (7 << 76) | (2 << 62)])
def test_an_id_that_nobody_made_is_not_found(database: Database, number: int) -> None:
    with database.reads() as session:
        assert queries.find_row(session, Stream.COMMANDS, UUID(int=number)) is None


def test_a_run_is_told_with_its_error_and_what_happened_around_it(database: Database) -> None:
    run = make_command_log(event_id=new_id(), outcome=Outcome.FAILED)
    error = make_error_log(bot_id=BOT, trace_id=str(run.event_id), code="mine")
    others = [make_error_log(bot_id=BOT, trace_id="another"), make_error_log(trace_id=str(run.event_id))]
    near, far = make_bot_log(kind="near"), make_bot_log(kind="far", occurred_at=START + timedelta(hours=1))
    store(database, [run, make_command_log(), error, *others, near, far, make_bot_log(bot_id=OTHER_BOT)])
    with database.reads() as session:
        found = queries.find_run(session, run.event_id)
        assert queries.find_run(session, new_id()) is None
    assert found is not None
    assert found.run.record.event_id == run.event_id
    assert found.error is not None
    assert isinstance(found.error.record, ErrorLogRecord)
    assert found.error.record.code == "mine"
    assert [row.record.kind for row in found.events if isinstance(row.record, BotLogRecord)] == ["near"]
