from datetime import timedelta

from socialcube.domain.bots.types import LatencySample
from socialcube.web.pages.bots.latency import latency_chart
from socialcube.web.pages.periods import PERIODS
from tests.fakes.clock import START

HOUR, DAY, WEEK = PERIODS


def sample(minutes_ago: float, mean: float, worst: float, count: int = 1) -> LatencySample:
    return LatencySample(START - timedelta(minutes=minutes_ago), worst, mean, count)


def test_without_samples_there_is_nothing_to_draw() -> None:
    chart = latency_chart([], DAY, START)
    assert (chart.mean, chart.worst, chart.rows, chart.latest_ms) == ("", "", (), None)


def test_five_minutes_without_a_sample_are_a_gap() -> None:
    chart = latency_chart([sample(58, 40, 60), sample(8, 30, 90), sample(3, 20, 30)], HOUR, START)
    assert chart.labels == ("120", "80", "40", "0")
    assert chart.worst.count("M") == 2
    assert chart.latest_ms == 20
    assert [(row.mean_ms, row.worst_ms) for row in chart.rows] == [(20, 30), (30, 90), (40, 60)]
    assert chart.rows[-1].begins_at == START - timedelta(minutes=60)


def test_longer_stretches_weigh_their_samples_and_keep_the_longest() -> None:
    chart = latency_chart([sample(50, 10, 500, count=9), sample(45, 110, 120, count=1)], WEEK, START)
    [row] = chart.rows
    assert (row.mean_ms, row.worst_ms) == (20, 500)


def test_a_week_draws_no_more_points_than_a_day() -> None:
    samples = [sample(5 * number, 40, 50) for number in range(7 * 288, 0, -1)]
    assert latency_chart(samples, WEEK, START).mean.count("L") <= 289
    assert len(latency_chart(samples, WEEK, START).rows) == 24


def test_what_lies_outside_of_the_period_is_left_out() -> None:
    assert latency_chart([sample(61, 40, 60), sample(-5, 40, 60)], HOUR, START).rows == ()
