import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialcube.domain.commands.documents.names import find_name_problem


@pytest.mark.parametrize(
    "name",
    ["hello", "a", "x" * 32, "kick-off", "rock_n_roll", "it's", "42", "привет", "你好", "naïve", "ß", "½"],
)
def test_names_that_discord_takes(name: str) -> None:
    assert find_name_problem(name) is None


@pytest.mark.parametrize("name", ["नमस्ते", "สวัสดี", "ก็ได้", "ภาษาไทย"])
def test_devanagari_and_thai_keep_their_combining_signs(name: str) -> None:
    assert find_name_problem(name) is None


@pytest.mark.parametrize("name", ["", "x" * 33])
def test_the_length_is_said(name: str) -> None:
    problem = find_name_problem(name)
    assert problem
    assert str(len(name)) in problem


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("two words", "a space"),
        ("no!", "“!”"),
        ("a/b", "“/”"),
        ("smile😀", "😀"),
        ("a\nb", "U+000A"),
        ("a\u200bb", "U+200B"),
        ("बा\u0964", "\u0964"),
        ("\u0e3f5", "\u0e3f"),
        ("e\u0301", "\u0301"),
    ],
)
def test_a_character_that_is_not_allowed_is_shown(name: str, shown: str) -> None:
    problem = find_name_problem(name)
    assert problem
    assert shown in problem


@pytest.mark.parametrize("name", ["Hello", "heLlo", "ПРИВЕТ", "ǅ", "Σ"])
def test_capital_letters_are_refused_with_the_small_one(name: str) -> None:
    problem = find_name_problem(name)
    assert problem
    assert "small letters" in problem


@pytest.mark.parametrize("name", ["σας", "ªº"])
def test_letters_without_a_small_form_are_taken(name: str) -> None:
    assert find_name_problem(name) is None


@given(st.text(max_size=40))
def test_a_name_is_judged_the_same_in_any_company(text: str) -> None:
    alone = all(find_name_problem(character) is None for character in text)
    assert (find_name_problem(text) is None) == (alone and 1 <= len(text) <= 32)


def test_no_control_character_of_all_unicode_is_taken() -> None:
    controls = (
        chr(code)
        for code in range(sys.maxunicode + 1)
        if unicodedata.category(chr(code)) in {"Cc", "Cf", "Cs"}
    )
    assert all(find_name_problem(character) for character in controls)
