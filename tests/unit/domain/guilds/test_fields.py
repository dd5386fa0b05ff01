from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from socialcube.domain.guilds.policy import (
    LOCALES,
    MAX_FIELDS,
    Choosable,
    check_fields,
    check_values,
    effective_values,
    is_time_zone,
    list_time_zones,
    read_fields,
    write_fields,
)
from socialcube.domain.guilds.types import FieldKind, SettingValue
from tests.factories.guilds import make_field

HERE = Choosable(channels=frozenset({41}), roles=frozenset({51}))


@pytest.mark.parametrize(
    ("part", "kind", "changes"),
    [
        ("key", FieldKind.TEXT, {"key": "Welcome"}),
        ("key", FieldKind.TEXT, {"key": "1st"}),
        ("key", FieldKind.TEXT, {"key": "a" * 33}),
        ("key", FieldKind.TEXT, {"key": "locale"}),
        ("key", FieldKind.TEXT, {"key": "log_channel"}),
        ("label", FieldKind.TEXT, {"label": ""}),
        ("label", FieldKind.TEXT, {"label": "two\nlines"}),
        ("label", FieldKind.TEXT, {"label": "x" * 81}),
        ("help", FieldKind.TEXT, {"help": "x" * 201}),
        ("choices", FieldKind.CHOICE, {"choices": ()}),
        ("choices", FieldKind.CHOICE, {"choices": ("red", "red")}),
        ("choices", FieldKind.CHOICE, {"choices": ("",)}),
        ("choices", FieldKind.CHOICE, {"choices": tuple(map(str, range(26)))}),
        ("choices", FieldKind.TEXT, {"choices": ("red",)}),
        ("max_length", FieldKind.TEXT, {"max_length": 0}),
        ("max_length", FieldKind.NUMBER, {"max_length": 5}),
        ("min_value", FieldKind.TEXT, {"min_value": 1}),
        ("min_value", FieldKind.NUMBER, {"min_value": 5, "max_value": 4}),
        ("min_value", FieldKind.NUMBER, {"max_value": float("nan")}),
        ("default", FieldKind.NUMBER, {"default": "many"}),
        ("default", FieldKind.TEXT, {"default": "xyz", "max_length": 2}),
        ("default", FieldKind.CHOICE, {"default": "blue"}),
        ("default", FieldKind.CHANNEL, {"default": "41"}),
        ("default", FieldKind.ROLE, {"default": "51"}),
    ],
)
def test_a_field_that_makes_no_sense_is_named_with_its_part(
    part: str, kind: FieldKind, changes: dict[str, Any]
) -> None:
    [problem] = check_fields([make_field(kind, **changes)])
    assert problem.path == f"fields[0].{part}"


def test_a_field_of_every_kind_is_fine_and_comes_back_as_it_was_stored() -> None:
    fields = tuple(make_field(kind, key=f"field_{kind.value}") for kind in FieldKind)
    assert check_fields(fields) == []
    assert read_fields(write_fields(fields)) == fields


def test_what_a_newer_version_stored_does_not_break_this_one() -> None:
    stored = write_fields([make_field()])
    stored[0] |= {"colour": "red"}  # type: ignore[operator] # JSON data is typed as object
    stored.append({"key": "later", "kind": "rainbow"})
    assert read_fields(stored) == (make_field(),)


def test_two_fields_cannot_have_one_key_and_there_are_not_too_many() -> None:
    [problem] = check_fields([make_field(), make_field(FieldKind.NUMBER)])
    assert problem.path == "fields[1].key"
    many = [make_field(key=f"key_{number}") for number in range(MAX_FIELDS + 1)]
    assert [problem.code for problem in check_fields(many)] == ["too_many"]


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (FieldKind.TEXT, ["x", "Ünï\n\tcode 🌱", "x" * 2000], ["", "x" * 2001, "\0", "\ud800", 5, True]),
        (FieldKind.NUMBER, [0, -1.5, 2**53 - 1], ["5", True, float("nan"), float("inf"), 2**60]),
        (FieldKind.CHOICE, ["red"], ["blue", "", 1, True]),
        (FieldKind.CHANNEL, ["41"], ["42", "51", 41, "", "٤١", "1" * 20]),
        (FieldKind.ROLE, ["51"], ["52", "41", 51, "@everyone"]),
        (FieldKind.YESNO, [True, False], ["yes", 1, 0, ""]),
    ],
)
def test_values_fit_their_kind_and_what_the_server_has(
    kind: FieldKind, good: list[SettingValue], bad: list[SettingValue]
) -> None:
    field = make_field(kind)
    assert [value for value in good if check_values([field], {"welcome": value}, HERE)] == []
    assert [value for value in bad if not check_values([field], {"welcome": value}, HERE)] == []


def test_numbers_keep_their_bounds() -> None:
    field = make_field(FieldKind.NUMBER, min_value=1, max_value=3)
    [problem] = check_values([field], {"welcome": 4}, HERE)
    assert problem.message == "This must be from 1 to 3."


def test_a_required_field_needs_a_value_or_a_default() -> None:
    field = make_field(required=True, label="Welcome text")
    [problem] = check_values([field], {}, HERE)
    assert (problem.path, problem.message) == ("welcome", "Welcome text is required.")
    assert check_values([replace(field, default="Hi")], {}, HERE) == []


def test_a_value_of_no_field_is_refused() -> None:
    [problem] = check_values([], {"other": 1}, HERE)
    assert (problem.path, problem.code) == ("other", "unknown_setting")


def test_what_does_not_fit_any_more_counts_as_the_default() -> None:
    fields = [make_field(FieldKind.NUMBER, default=3), make_field(key="kept"), make_field(key="unset")]
    stored: dict[str, SettingValue] = {"welcome": "was a text", "kept": "Hi", "gone": "x"}
    assert effective_values(fields, stored) == {"welcome": 3, "kept": "Hi", "unset": None}


@given(st.text() | st.integers() | st.floats() | st.booleans(), st.sampled_from(FieldKind))
def test_whatever_is_typed_is_taken_or_refused_and_never_breaks(value: SettingValue, kind: FieldKind) -> None:
    field = make_field(kind)
    counting = effective_values([field], {"welcome": value})["welcome"]
    refused = bool(check_values([field], {"welcome": value}, HERE))
    assert refused or counting == value


def test_time_zones_and_languages_are_those_that_exist() -> None:
    assert is_time_zone("Europe/Berlin")
    assert not is_time_zone("europe/berlin")
    assert not is_time_zone("../../etc/passwd")
    assert len(list_time_zones()) > 400
    assert len(set(LOCALES)) == len(LOCALES) == 32
