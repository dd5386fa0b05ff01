from datetime import timedelta

import pytest

from socialcube.web.pages.bots.charts import (
    HEIGHT,
    WIDTH,
    bar_chart,
    line_chart,
    nice_top,
    table_rows,
    time_labels,
)
from socialcube.web.pages.periods import PERIODS
from tests.fakes.clock import START

DAY = PERIODS[1]


@pytest.mark.parametrize(
    ("highest", "top"), [(0, 3), (3, 3), (4, 6), (7, 12), (100, 120), (240, 240), (241, 300), (3001, 6000)]
)
def test_the_axis_ends_at_a_round_number_above_the_highest(highest: float, top: int) -> None:
    assert nice_top(highest) == top


def test_bars_stand_side_by_side_on_the_ground() -> None:
    chart = bar_chart([3, 0, 6, None], [0, 0, 2, None])
    assert chart.labels == ("6", "4", "2", "0")
    assert [(bar.y, bar.height) for bar in chart.bars] == [(64.0, 64.0), (0.0, 128.0)]
    assert all(bar.y + bar.height == HEIGHT for bar in chart.bars + chart.errors)
    assert chart.bars[1].x > WIDTH / 2
    assert [bar.x for bar in chart.errors] == [chart.bars[1].x]


def test_a_chart_of_nothing_has_an_axis_and_no_bars() -> None:
    chart = bar_chart([], [])
    assert (chart.labels, chart.bars) == (("3", "2", "1", "0"), ())


def test_a_line_has_a_gap_where_nothing_was_answered() -> None:
    path = line_chart([0, None, 1500, 3000]).path
    assert path.count("M") == 2
    assert path.endswith("L600.0 0.0")


def test_durations_over_the_limit_push_it_down() -> None:
    assert line_chart([200]).limit_y == 0
    over = line_chart([4500.0])
    assert over.labels == ("6 s", "4 s", "2 s", "0 s")
    assert over.limit_y == HEIGHT / 2


def test_the_table_has_the_latest_first() -> None:
    rows = table_rows(DAY, START, [1, 2], [0, None], [None, 12.5])
    assert [(row.commands, row.errors, row.p95_ms) for row in rows] == [(2, 0, 12.5), (1, 0, None)]
    assert [row.begins_at for row in rows] == [START - timedelta(hours=12), START - timedelta(hours=24)]


def test_the_horizontal_axis_ends_now() -> None:
    assert time_labels(DAY, START) == ("03:04", "09:04", "15:04", "21:04", "now")
    assert time_labels(PERIODS[2], START)[0] == "Fri 03:04"
