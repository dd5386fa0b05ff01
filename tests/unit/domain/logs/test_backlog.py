import threading

from socialcube.domain.logs.sink.backlog import Backlog
from socialcube.domain.logs.sink.limits import Limits
from socialcube.domain.logs.sink.rows import Entry, make_entry
from socialcube.domain.logs.types import Level, Stream
from tests.factories.logs import make_bot_log, make_request_log


def make_entries(count: int, **changes: object) -> list[Entry]:
    return [make_entry(make_bot_log(message=str(number), **changes)) for number in range(count)]


def take(backlog: Backlog, limit: int = 100) -> list[Entry]:
    return list(backlog.take(limit, patience=0, window=0))


def test_rows_leave_in_the_order_they_came() -> None:
    backlog = Backlog(Limits())
    entries = make_entries(5)
    backlog.add(entries)
    assert take(backlog, 2) == entries[:2]
    backlog.finish()
    assert take(backlog) == entries[2:]


def test_rows_in_hand_count_until_they_are_finished() -> None:
    backlog = Backlog(Limits())
    backlog.add(make_entries(3))
    assert not backlog.is_empty()
    batch = take(backlog)
    assert backlog.lines() == [entry.line for entry in batch]
    assert not backlog.wait_settled(3, 0)
    backlog.finish()
    assert backlog.is_empty()
    assert backlog.wait_settled(3, 0)


def test_waiting_ends_when_the_last_row_is_through() -> None:
    backlog = Backlog(Limits())
    backlog.add(make_entries(1))
    results: list[bool] = []
    waiter = threading.Thread(target=lambda: results.append(backlog.wait_settled(2, 10)))
    waiter.start()
    take(backlog)
    backlog.finish()
    backlog.settle(1)
    waiter.join()
    assert results == [True]


def test_a_taker_gets_nothing_from_a_closed_backlog_at_once() -> None:
    backlog = Backlog(Limits())
    backlog.close()
    assert list(backlog.take(10, patience=3600, window=3600)) == []


def test_a_taker_that_waits_for_company_goes_once_there_is_enough() -> None:
    backlog = Backlog(Limits())
    taken: list[Entry] = []
    taker = threading.Thread(target=lambda: taken.extend(backlog.take(3, patience=3600, window=3600)))
    taker.start()
    entries = make_entries(3)
    for entry in entries:
        backlog.add([entry])
    taker.join(60)
    assert taken == entries


def test_the_oldest_debug_rows_go_first() -> None:
    backlog = Backlog(Limits(rows=10))
    kept = make_entries(4)
    debug = make_entries(6, level=Level.DEBUG)
    last = make_entries(1)
    backlog.add([*debug[:3], *kept, *debug[3:], *last])
    assert take(backlog) == [debug[2], *kept, *debug[3:], *last]
    assert backlog.take_dropped() == {Stream.BOTS: 2}
    assert backlog.take_dropped() == {}


def test_without_debug_rows_the_oldest_go() -> None:
    backlog = Backlog(Limits(rows=10))
    requests = [make_entry(make_request_log(request_id=str(number))) for number in range(4)]
    entries = make_entries(8)
    backlog.add([*requests, *entries])
    assert take(backlog) == [*requests[3:], *entries]
    assert backlog.take_dropped() == {Stream.REQUESTS: 3}


def test_bytes_are_bounded_like_rows() -> None:
    entries = make_entries(10)
    size = sum(len(entry.line) for entry in entries)
    backlog = Backlog(Limits(size=size))
    backlog.add(entries)
    assert backlog.size() == size
    backlog.add(make_entries(1))
    assert backlog.size() <= size * 0.9
    assert sum(len(entry.line) for entry in take(backlog)) <= size * 0.9
    assert backlog.size() == 0


def test_dropped_rows_are_settled_so_that_nobody_waits_for_them() -> None:
    backlog = Backlog(Limits(rows=10))
    backlog.add(make_entries(20))
    take(backlog)
    backlog.finish()
    assert backlog.wait_settled(20, 0)


def test_a_row_without_room_before_the_queue_is_counted() -> None:
    backlog = Backlog(Limits())
    backlog.count_dropped(Stream.ERRORS)
    assert backlog.take_dropped() == {Stream.ERRORS: 1}
