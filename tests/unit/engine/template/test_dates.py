import pytest

from socialcube.engine.errors import TemplateFailedError
from tests.unit.engine.template.conftest import Render


@pytest.mark.parametrize(
    ("expression", "text"),
    [
        ("now | date: '%Y-%m-%d %H:%M'", "2025-01-02 03:04"),
        ("now | date", "2025-01-02"),
        ("'now' | date: '%s'", "1735787045"),
        ("'today' | date: '%d.%m.'", "02.01."),
        ("1735787045 | date: '%H'", "03"),
        ("'1735787045.5' | date: '%S'", "05"),
        ("'2025-06-01T12:00:00+02:00' | date: '%H'", "10"),
        ("'2025-06-01' | date: '%H:%M'", "00:00"),
        ("now | date: '%-d %% %%s'", "2 % %s"),
        ("'soon' | date: '%H'", "soon"),
        ("'999999999999' | date: '%H'", "999999999999"),
        ("nil | date: '%H'", ""),
        ("nope | date: '%H'", ""),
        ("'0001-01-01T00:00:00+05:00' | date: '%H'", "0001-01-01T00:00:00+05:00"),
    ],
)
def test_date_writes_times_in_utc(render: Render, expression: str, text: str) -> None:
    assert render("{{ " + expression + " }}").text == text


@pytest.mark.parametrize(
    ("zone", "text"),
    [
        ("Asia/Tokyo", "12:04 JST"),
        ("America/New_York", "22:04 EST"),
        ("UTC", "03:04 UTC"),
        (None, "03:04 UTC"),
    ],
)
def test_date_writes_times_of_a_zone(render: Render, zone: str | None, text: str) -> None:
    settings = {"time_zone": zone}
    assert render("{{ now | date: '%H:%M %Z', settings.time_zone }}", settings=settings).text == text


def test_the_seconds_of_a_moment_are_the_same_everywhere(render: Render) -> None:
    assert render("{{ now | date: '%s', 'Asia/Tokyo' }}").text == "1735787045"
    edge = "'0001-01-01T00:00:00' | date: '%H', 'America/New_York'"
    assert render("{{ " + edge + " }}").text == "0001-01-01T00:00:00"


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../../etc/passwd", "America", "", "a\0b", "x" * 5000])
def test_zones_that_do_not_exist_are_refused(render: Render, zone: str) -> None:
    with pytest.raises(TemplateFailedError, match="time zone"):
        render("{{ now | date: '%H', zone }}", zone=zone)


@pytest.mark.parametrize("pattern", ["%" + "9" * 30 + "d", "%Q", "%", "x" * 101])
def test_odd_patterns_are_refused(render: Render, pattern: str) -> None:
    with pytest.raises(TemplateFailedError, match="pattern"):
        render("{{ now | date: pattern }}", pattern=pattern)


def test_the_clock_of_the_library_is_out_of_reach(render: Render) -> None:
    assert render("{{ today }}").text == ""
