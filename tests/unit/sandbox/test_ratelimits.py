import pytest

from socialcube.sandbox import ratelimits
from socialcube.sandbox.ratelimits import Buckets, Limit
from tests.fakes.clock import FakeClock

LIMIT = Limit(2, 5.0)


def test_window_fills_and_starts_again(clock: FakeClock) -> None:
    buckets = Buckets(clock)
    first, second, third = (buckets.take("a", LIMIT) for _ in range(3))
    clock.advance(5.0)
    fourth = buckets.take("a", LIMIT)

    assert [item.allowed for item in (first, second, third, fourth)] == [True, True, False, True]
    assert [item.remaining for item in (first, second, third, fourth)] == [1, 0, 0, 1]


def test_window_ends_by_its_first_call(clock: FakeClock) -> None:
    buckets = Buckets(clock)
    buckets.take("a", LIMIT)
    clock.advance(4.0)

    assert buckets.take("a", LIMIT).reset_after == 1.0


def test_keys_have_windows_of_their_own(clock: FakeClock) -> None:
    buckets = Buckets(clock)
    for _ in range(3):
        buckets.take("a", LIMIT)

    assert buckets.take("b", LIMIT).allowed


def test_no_time_at_all_means_no_limit(clock: FakeClock) -> None:
    buckets = Buckets(clock)

    assert all(buckets.take("a", Limit(1, 0.0)).allowed for _ in range(5))


def test_clear_starts_again(clock: FakeClock) -> None:
    buckets = Buckets(clock)
    for _ in range(3):
        buckets.take("a", LIMIT)
    buckets.clear()

    assert buckets.take("a", LIMIT).remaining == 1


def test_finished_windows_make_room(clock: FakeClock, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ratelimits, "_MOST_WINDOWS", 10)
    buckets = Buckets(clock)
    for number in range(20):
        clock.advance(3.0)
        buckets.take(str(number), LIMIT)

    assert len(buckets._windows) < 20
    assert buckets.take("19", LIMIT).remaining == 0
