from typing import Any

import pytest

from socialcube.engine.template.direct import find_parts, join_parts
from socialcube.engine.template.parsing import parse

NAMES: dict[str, Any] = {
    "user": {"name": "ann", "age": 5, "size": "L"},
    "all": ["a"],
    "big": 10**30,
    "odd": "\ud800",
}


def test_plain_values_are_found() -> None:
    assert find_parts(parse("Hi {{ user.name }}{{ user['age'] }}!", ()).nodes) == (
        "Hi ",
        ("user", "name"),
        ("user", "age"),
        "!",
    )


@pytest.mark.parametrize(
    "source", ["{{ a | upcase }}", "{% if a %}{% endif %}", "{{ a[0] }}", "{{ a[b] }}", "{{ 'a' }}"]
)
def test_anything_more_is_left_to_the_library(source: str) -> None:
    assert find_parts(parse(source, ()).nodes) is None


@pytest.mark.parametrize(
    ("source", "text"), [("{{ user.name }} {{ user.age }}", "ann 5"), ("{{ user.size }}", "L")]
)
def test_texts_and_numbers_are_joined(source: str, text: str) -> None:
    parts = find_parts(parse(source, ()).nodes)
    assert parts is not None
    assert join_parts(parts, NAMES) == text


@pytest.mark.parametrize("path", ["nope", "user.nope", "user.name.size", "all", "user", "big", "odd"])
def test_other_values_are_left_to_the_library(path: str) -> None:
    parts = find_parts(parse("{{ " + path + " }}", ()).nodes)
    assert parts is not None
    assert join_parts(parts, NAMES) is None
