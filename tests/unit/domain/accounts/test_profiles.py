from typing import cast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialcube.domain.accounts.errors import InvalidExternalIdError, InvalidPreferencesError
from socialcube.domain.accounts.policy.profiles import check_preferences, clean_name, clean_profile
from socialcube.domain.accounts.types import MAX_EXTERNAL_ID, MAX_NAME_LENGTH, Preferences, Profile, Theme


@pytest.mark.parametrize(
    ("name", "clean"),
    [
        ("Mara", "Mara"),
        ("  Mara \r\n Lind\t", "Mara Lind"),
        ("Mara\u202egnp.exe", "Maragnp.exe"),
        ("\u2066Mara\u2069\u200f\u200b\ufeff", "Mara"),
        ("Ma\0ra\x1b[31m\ud800", "Mara[31m"),
        ("Zoë 👩\u200d🚀", "Zoë 👩\u200d🚀"),
        ("\u202e\u200b", ""),
    ],
)
def test_a_name_is_one_visible_line(name: str, clean: str) -> None:
    assert clean_name(name) == clean


def test_a_flood_is_cut() -> None:
    assert len(clean_name("x" * 4000)) == MAX_NAME_LENGTH


@given(st.text(max_size=400))
def test_every_name_fits_its_column_and_the_database(name: str) -> None:
    clean = clean_name(name)
    assert len(clean) <= MAX_NAME_LENGTH
    assert clean == clean.strip()
    assert not set(clean) & set("\0\n\r\t\u202e\u2066")
    clean.encode()


def test_a_profile_without_visible_names_goes_by_its_id() -> None:
    profile = clean_profile(Profile(1001, "\u202e", "\u200b", "../../etc"))
    assert (profile.name, profile.display_name, profile.avatar) == ("1001", "1001", None)


def test_a_profile_keeps_what_is_fit() -> None:
    profile = Profile(1001, "mara", "Mara Lind", "a_0123456789abcdef")
    assert clean_profile(profile) == profile


@pytest.mark.parametrize("external_id", [0, -1, MAX_EXTERNAL_ID + 1, 10**30])
def test_an_id_out_of_range_is_refused(external_id: int) -> None:
    with pytest.raises(InvalidExternalIdError):
        clean_profile(Profile(external_id, "mara"))


@pytest.mark.parametrize(
    "preferences",
    [Preferences(), Preferences(Theme.DARK, "de-CH", "Europe/Zurich"), Preferences(locale="zh-Hant-TW")],
)
def test_preferences_that_can_be_followed_are_taken(preferences: Preferences) -> None:
    assert check_preferences(preferences) == preferences


@pytest.mark.parametrize(
    "preferences",
    [
        Preferences(cast("Theme", "neon")),
        Preferences(locale="../en"),
        Preferences(locale="e" * 40),
        Preferences(time_zone="Mars/Olympus"),
        Preferences(time_zone="../../etc/passwd"),
        Preferences(time_zone="Europe/Zurich\0"),
    ],
)
def test_preferences_that_cannot_be_followed_are_refused(preferences: Preferences) -> None:
    with pytest.raises(InvalidPreferencesError):
        check_preferences(preferences)
