from datetime import timedelta

import pytest

from socialcube.domain.logs.types import BUCKETS_MS, Figures, Grain, percentile
from socialcube.domain.overview.policy import frame_of, is_slow, is_unusual
from socialcube.domain.overview.types import Period, Series
from tests.fakes.clock import START


@pytest.mark.parametrize(
    ("period", "count", "length"),
    [
        (Period.HOUR, 60, timedelta(hours=1)),
        (Period.DAY, 24, timedelta(days=1)),
        (Period.WEEK, 28, timedelta(days=7)),
    ],
)
def test_a_period_ends_with_the_stretch_that_is_open_now(
    period: Period, count: int, length: timedelta
) -> None:
    frame = frame_of(period, START)
    assert (frame.count, frame.length) == (count, length)
    assert frame.start + frame.length - frame.step <= START < frame.start + frame.length
    assert frame.grain is (Grain.MINUTE if period is Period.HOUR else Grain.HOUR)


@pytest.mark.parametrize(
    ("lately", "week", "unusual"),
    [
        (4, 0, False),
        (5, 0, True),
        (5, 168, True),
        (6, 168 * 2, False),
        (7, 168 * 2, True),
        (90, 168 * 30, False),
    ],
)
def test_more_errors_than_three_times_the_usual_are_unusual(lately: int, week: int, *, unusual: bool) -> None:
    assert is_unusual(lately, week) is unusual


def figures(**by_bound: int) -> Figures:
    buckets = [0] * (len(BUCKETS_MS) + 1)
    for name, count in by_bound.items():
        buckets[BUCKETS_MS.index(float(name.removeprefix("ms")))] = count
    return Figures(runs=sum(buckets), buckets=tuple(buckets))


def test_a_command_is_slow_when_enough_runs_say_so() -> None:
    assert is_slow(figures(ms10=80, ms5000=20))
    assert not is_slow(figures(ms5000=19))
    assert not is_slow(figures(ms10=98, ms5000=2))
    assert not is_slow(figures(ms2000=100))


@pytest.mark.parametrize(
    ("share", "expected"), [(0.0, 0.0), (0.25, 1.0), (0.5, 2.0), (0.75, 3.5), (1.0, 5.0)]
)
def test_a_percentile_lies_within_its_bucket(share: float, expected: float) -> None:
    assert percentile(figures(ms2=50, ms5=50).buckets, share) == pytest.approx(expected)


def test_what_is_slower_than_every_bound_counts_as_the_last_one() -> None:
    assert percentile((0,) * len(BUCKETS_MS) + (3,), 0.95) == BUCKETS_MS[-1]
    assert Figures().p95_ms is None


@pytest.mark.parametrize(
    ("total", "previous", "change"),
    [(15, 10, 0.5), (0, 10, -1), (3, 0, None), (None, 4, None), (4, None, None)],
)
def test_a_change_needs_something_to_compare_with(
    total: float | None, previous: float | None, change: float | None
) -> None:
    assert Series(total, previous, ()).change == change
