"""Words for durations."""

import pytest

from socialcube.web.shell.filters import span

DAY = 86_400


@pytest.mark.parametrize(
    ("seconds", "passed", "left"),
    [
        (0.4, "now", "now"),
        (7 * DAY - 1, "6 d", "7 d"),
        (90 * DAY - 1, "2 months", "3 months"),
        (80, "1 min", "1 min"),
    ],
)
def test_what_passed_counts_when_complete_and_what_is_left_to_the_nearest(
    seconds: float, passed: str, left: str
) -> None:
    assert span(seconds) == passed
    assert span(seconds, to_nearest=True) == left
