import json
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialcube.kernel.secrets import MASK, Secret
from socialcube.kernel.text import CUT, many_lines, one_line, plain_data, printable

TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.Gabcde.abcdefghijklmnopqrstuvwxyz0123456789AB"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("plain", "plain"),
        ("a\r\nb", "a b"),
        ("\x1b[1;31mred\x1b[0m", "red"),
        ("\x1b]0;title\x07shown", "shown"),
        ("a\u2028b\u2029c\x85d", "a b c d"),
        ("left\u202eright", "left right"),
        ("nul\x00tab\there", "nul tab here"),
        ("half \ud83d pair", "half   pair"),
        ("family 👩‍👧 and é", "family 👩‍👧 and é"),  # the joiner inside the emoji is no control
        (f"token {TOKEN}!", f"token {MASK}!"),
    ],
)
def test_one_line_keeps_what_people_read(text: str, expected: str) -> None:
    assert one_line(text, 100) == expected


def test_many_lines_keeps_breaks_in_one_form() -> None:
    assert many_lines("a\r\nb\rc\u2028d\te\x00\x1b[2J", 100) == "a\nb\nc\nd\te"


@pytest.mark.parametrize("clean", [one_line, many_lines])
@given(text=st.text(alphabet=st.characters(categories=None), max_size=300), limit=st.integers(1, 200))
def test_any_text_becomes_short_and_encodable(clean: type, text: str, limit: int) -> None:
    cleaned = clean(text, limit)
    assert len(cleaned) <= limit
    assert "\x00" not in cleaned
    assert cleaned.encode().decode() == cleaned


def test_a_cut_shows_and_leaves_no_part_of_a_token() -> None:
    cut = one_line("x" * 90 + " " + TOKEN, 100)
    assert cut == "x" * 90 + " " + MASK
    assert one_line("y" * 200, 100) == "y" * 99 + CUT
    assert TOKEN[:20] not in one_line(" " * 95 + TOKEN, 100)


def test_plain_data_copies_json_and_masks_secrets() -> None:
    data = {"name": "Fern", "Token": "words", "n": [1, 2.5, True, None], "note": TOKEN, "key": Secret("x")}
    assert plain_data(data) == {
        "name": "Fern",
        "Token": MASK,
        "n": [1, 2.5, True, None],
        "note": MASK,
        "key": MASK,
    }


def test_plain_data_writes_what_json_does_not_know_as_text() -> None:
    moment = datetime(2026, 1, 2, tzinfo=UTC)
    assert plain_data([moment, float("nan"), 2**70, (1,)]) == [str(moment), "nan", CUT, [1]]


def test_plain_data_bounds_depth_items_and_characters() -> None:
    endless: list[object] = []
    endless.append(endless)
    assert json.dumps(plain_data(endless)).count("[") == 8
    many = plain_data(list(range(1000)))
    assert isinstance(many, list)
    assert (len(many), many[-1]) == (101, CUT)
    flood = {f"k{number}": "z" * 1_000_000 for number in range(1000)}
    assert len(json.dumps(plain_data(flood))) < 30_000


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
        max_leaves=40,
    )
)
def test_plain_data_is_always_strict_json(value: object) -> None:
    plain = plain_data(value)
    assert json.loads(json.dumps(plain, allow_nan=False).encode()) == plain


def test_plain_text_in_any_script_stays() -> None:
    assert printable("Grüße, 世界 👋") == "Grüße, 世界 👋"


@pytest.mark.parametrize(
    "character", ["\n", "\r", "\t", "\x1b", "\x07", "\x9b", "\u2028", "\u202e", "\ud800"]
)
def test_what_a_terminal_would_act_on_is_escaped(character: str) -> None:
    assert printable(f"a{character}b").isprintable()


def test_keys_of_every_kind_and_length_are_cleaned_each_time() -> None:
    long_key = "k" * 150
    for _ in range(2):
        copied = plain_data({7: "a", "two\x07lines": "b", long_key: "c", "Token": "d"})
        assert copied == {"7": "a", "twolines": "b", f"{'k' * 99}…": "c", "Token": "••••"}
