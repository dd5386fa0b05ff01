from typing import Any

import pytest

from socialcube.engine.template.output import to_text
from tests.unit.engine.template.conftest import Render


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("a", "a"),
        (True, "true"),
        (False, "false"),
        (12, "12"),
        (1.5, "1.5"),
        (None, ""),
        (["a", 1, [True]], "a1true"),
        (("a", "b"), "ab"),
        (range(1, 4), "1..3"),
        ({"id": "1", "name": "ann", "mention": "<@1>"}, "<@1>"),
        ({"id": "3", "name": "Home"}, "Home"),
        ({"name": 5}, ""),
        (object(), ""),
        (print, ""),
        (int, ""),
    ],
)
def test_values_become_text(value: Any, text: str) -> None:
    assert to_text(value) == text


def test_missing_value_writes_nothing_and_is_remarked(render: Render) -> None:
    rendered = render("a{{ options.nope }}b", options={})
    assert rendered.text == "ab"
    assert rendered.warnings == ("`options.nope` has no value, so it wrote nothing.",)


def test_group_without_a_name_is_remarked(render: Render) -> None:
    rendered = render("{{ options }}", options={"a": 1})
    assert rendered.text == ""
    assert rendered.warnings == (
        "`options` is a group of values and wrote nothing; pick one, like `options.id`.",
    )


@pytest.mark.parametrize(
    "source", ["{{ x | default: 'b' }}", "{% if x %}a{% else %}b{% endif %}", "{{ y }}b"]
)
def test_asking_for_a_missing_value_is_not_remarked(render: Render, source: str) -> None:
    rendered = render(source, y=None)
    assert rendered.text == "b"
    assert rendered.warnings == ()


def test_remarks_stop_at_twenty(render: Render) -> None:
    assert len(render("{{ x }}" * 50).warnings) == 20


def test_library_words_and_loop_state_write_nothing(render: Render) -> None:
    assert render("{{ empty }}{{ blank }}{% for i in (1..2) %}{{ forloop }}{% endfor %}").text == ""
