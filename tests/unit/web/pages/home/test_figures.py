import pytest

from socialcube.domain.overview.types import Figures, OnlineFigure, Series
from socialcube.web.pages.home.figures import compare_count, compare_share, make_figures
from socialcube.web.pages.periods import PERIODS

DAY = PERIODS[1]


def series(total: float | None, previous: float | None = None) -> Series:
    return Series(total, previous, (1.0, None))


@pytest.mark.parametrize(
    ("total", "previous", "words"),
    [
        (106, 100, "6 % more than the day before"),
        (80, 100, "20 % fewer than the day before"),
        (100, 100, "As many as the day before"),
        (5, 0, "None the day before"),
        (5, None, "None the day before"),
        (0, 0, "None yet"),
    ],
)
def test_a_share_is_compared_in_words(total: float, previous: float | None, words: str) -> None:
    assert compare_share(series(total, previous), DAY) == words


@pytest.mark.parametrize(
    ("total", "previous", "words"),
    [
        (127, 36, "91 more than the day before"),
        (1, 3, "2 fewer than the day before"),
        (4, 4, "As many as the day before"),
        (0, None, "None the day before either"),
    ],
)
def test_a_count_is_compared_in_words(total: float, previous: float | None, words: str) -> None:
    assert compare_count(series(total, previous), DAY) == words


def test_four_figures_tell_what_the_fleet_did() -> None:
    online = OnlineFigure(9, 13)
    figures = Figures(series(48_213, 40_000), series(127), series(412.4, 380), online, failed=125)
    found = make_figures(figures, DAY, stopped=1)
    assert [(item.value, item.unit) for item in found] == [
        ("48,213", ""),
        ("127", "0.26 %"),
        ("412", "ms"),
        ("9", "of 13 wanted"),
    ]
    assert [item.note for item in found][2:] == ["380 ms the day before", "1 more is stopped on purpose"]


def test_errors_of_the_panel_are_no_share_of_the_commands() -> None:
    figures = Figures(series(4), series(1), series(None), OnlineFigure(1, 1), failed=0)
    errors = make_figures(figures, DAY, stopped=0)[1]
    assert (errors.value, errors.unit) == ("1", "")


def test_an_empty_installation_has_words_too() -> None:
    nothing = series(None)
    found = make_figures(Figures(nothing, nothing, nothing, OnlineFigure(0, 0)), DAY, stopped=0)
    assert [(item.value, item.unit) for item in found][:3] == [("0", ""), ("0", ""), ("—", "")]
    assert [item.note for item in found][2:] == ["Nothing was answered yet", "No bots yet"]
