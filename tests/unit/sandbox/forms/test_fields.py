from typing import Any

import pytest

from socialcube.sandbox.errors import InvalidFormError
from socialcube.sandbox.forms import fields
from socialcube.sandbox.forms.fields import Field

LARGEST = 2**64 - 1


def code_of(form: Field, value: Any) -> str:
    with pytest.raises(InvalidFormError) as refused:
        fields.read(form, value)
    found: Any = refused.value.errors
    while "_errors" not in found:
        found = next(iter(found.values()))
    return str(found["_errors"][0]["code"])


@pytest.mark.parametrize(
    ("form", "value", "clean"),
    [
        (fields.text(most=3), "abc", "abc"),
        (fields.text(most=3), "", ""),
        (fields.text(most=3), 12, "12"),
        (fields.integer(), "7", 7),
        (fields.integer(least=-5), -5, -5),
        (fields.number(bound=2.0), 1.5, 1.5),
        (fields.boolean, False, False),
        (fields.snowflake, str(LARGEST), LARGEST),
        (fields.snowflake, 0, 0),
        (fields.url, "HTTPS://example.org/a?b#c", "HTTPS://example.org/a?b#c"),
        (fields.url, "attachment://a.png", "attachment://a.png"),
        (fields.moment, "2026-01-02T03:04:05Z", "2026-01-02T03:04:05+00:00"),
        (fields.one_of((1, 2)), 2, 2),
        (fields.array(fields.boolean, most=2), [True], [True]),
        (fields.record({"a": fields.boolean}), {"a": True, "b": 1}, {"a": True}),
        (fields.record({"a": fields.boolean}), {"a": None}, {}),
        (fields.texts(most=3), {"de": "x"}, {"de": "x"}),
    ],
)
def test_good_value_is_given_clean(form: Field, value: Any, clean: Any) -> None:
    assert fields.read(form, value) == clean


@pytest.mark.parametrize(
    ("form", "value", "code"),
    [
        (fields.text(most=3), "abcd", "BASE_TYPE_MAX_LENGTH"),
        (fields.text(least=1, most=3), "", "BASE_TYPE_BAD_LENGTH"),
        (fields.text(most=3), True, "STRING_TYPE_CONVERT"),
        (fields.text(most=3), None, "STRING_TYPE_CONVERT"),
        (fields.integer(), "x", "NUMBER_TYPE_COERCE"),
        (fields.integer(), 1.5, "NUMBER_TYPE_COERCE"),
        (fields.integer(), True, "NUMBER_TYPE_COERCE"),
        (fields.integer(), "9" * 5000, "NUMBER_TYPE_COERCE"),
        (fields.integer(), 2**31, "NUMBER_TYPE_MAX"),
        (fields.integer(least=3), 2, "NUMBER_TYPE_MIN"),
        (fields.number(bound=2.0), "1", "NUMBER_TYPE_COERCE"),
        (fields.number(bound=2.0), True, "NUMBER_TYPE_COERCE"),
        (fields.number(bound=2.0), -3, "NUMBER_TYPE_MAX"),
        (fields.boolean, 1, "BOOLEAN_TYPE_CONVERT"),
        (fields.snowflake, LARGEST + 1, "NUMBER_TYPE_COERCE"),
        (fields.snowflake, "-1", "NUMBER_TYPE_COERCE"),
        (fields.url, "javascript://x", "URL_TYPE_INVALID_SCHEME"),
        (fields.url, "https://", "URL_TYPE_INVALID_SCHEME"),
        (fields.url, 5, "URL_TYPE_INVALID_URL"),
        (fields.url, "https://e.org/" + "x" * 2048, "BASE_TYPE_MAX_LENGTH"),
        (fields.moment, "tomorrow", "DATE_TIME_TYPE_PARSE"),
        (fields.moment, None, "DATE_TIME_TYPE_PARSE"),
        (fields.one_of((1, 2)), True, "BASE_TYPE_CHOICES"),
        (fields.one_of((1, 2)), "1", "BASE_TYPE_CHOICES"),
        (fields.array(fields.boolean, most=1), [True, True], "BASE_TYPE_MAX_LENGTH"),
        (fields.array(fields.boolean, least=1, most=1), [], "BASE_TYPE_BAD_LENGTH"),
        (fields.array(fields.boolean, most=1), "ab", "LIST_TYPE_CONVERT"),
        (fields.record({"a": fields.boolean}, required=("a",)), {"a": None}, "BASE_TYPE_REQUIRED"),
        (fields.record({}), [], "DICT_TYPE_CONVERT"),
        (fields.texts(most=3), ["x"], "DICT_TYPE_CONVERT"),
        (fields.texts(most=3), {"de": ""}, "BASE_TYPE_BAD_LENGTH"),
    ],
)
def test_bad_value_has_discords_code(form: Field, value: Any, code: str) -> None:
    assert code_of(form, value) == code


def test_long_value_is_not_repeated_whole() -> None:
    with pytest.raises(InvalidFormError) as refused:
        fields.read(fields.integer(), "x" * 10_000)

    assert len(str(refused.value.errors)) < 300
