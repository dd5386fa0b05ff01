from datetime import UTC, datetime
from enum import StrEnum
from uuid import UUID

import pytest

from socialcube.db.bulk import _field


class Colour(StrEnum):
    GREEN = "green\t"


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (None, r"\N"),
        ("", ""),
        (r"\N", r"\\N"),
        (r"\.", r"\\."),
        ("a\tb\nc\rd\\e", r"a\tb\nc\rd\\e"),
        (True, "True"),
        (7, "7"),
        (2.5, "2.5"),
        (UUID(int=1), "00000000-0000-0000-0000-000000000001"),
        (datetime(2026, 1, 2, 3, 4, 5, 6, tzinfo=UTC), "2026-01-02T03:04:05.000006+00:00"),
        ({"a": "line\nbreak \\ ü"}, r'{"a":"line\\nbreak \\\\ ü"}'),
        (["tab\t"], r'["tab\\t"]'),
    ],
)
def test_a_value_is_written_in_copys_text_format(value: object, written: str) -> None:
    assert _field(value) == written


def test_a_word_of_an_enumeration_is_escaped_like_any_text() -> None:
    assert _field(Colour.GREEN) == r"green\t"
