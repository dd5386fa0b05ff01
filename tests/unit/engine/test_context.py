from datetime import UTC, datetime
from typing import Any

import pytest

from socialcube.engine.fields import TEMPLATE_NAMES
from tests.factories.engine import make_context

DEEP: Any = "x"
for _ in range(15):
    DEEP = [DEEP]


def test_names_are_what_templates_may_refer_to() -> None:
    assert set(make_context().names(now="2025")) == set(TEMPLATE_NAMES)


def test_variables_of_a_run_do_not_reach_the_facts() -> None:
    context = make_context(vars={"a": 1})
    names = context.names(now="2025")
    names["vars"]["a"] = 2
    assert context.vars == {"a": 1}


@pytest.mark.parametrize(
    "value",
    [
        datetime(2025, 1, 1, tzinfo=UTC),
        object(),
        {1: "a"},
        ("a",),
        {"a"},
        b"x",
        print,
        DEEP,
        [{"a": object()}],
    ],
)
def test_only_plain_data_gets_in(value: object) -> None:
    with pytest.raises(TypeError, match="templates"):
        make_context(options={"a": value})


def test_plain_data_of_any_kind_gets_in() -> None:
    options = {"a": "b", "c": [1, 2.5, True, None], "d": {"id": "1"}}
    assert make_context(options=options).options == options
