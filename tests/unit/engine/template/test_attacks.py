"""Attacks on time and memory, each held to its refusal, under a second of work and a few megabytes."""

import tracemalloc
from contextlib import suppress
from time import thread_time
from typing import Any

import pytest

from socialcube.engine.errors import (
    BudgetExceededError,
    EngineError,
    RenderSizeBudgetError,
    RenderTimeBudgetError,
    TemplateSyntaxError,
)
from tests.unit.engine.template.conftest import Render

MEGABYTE = 1024 * 1024
VALUES: dict[str, Any] = {
    "s": "a" * 1_200,
    "mid": "ab" * 900,
    "big": "xy" * 5_000,
    "odd": "%" * 5_000,
    "list": [f"item {number}" for number in range(1_500)],
    "deep": [[number, [number, [number]]] for number in range(600)],
}

SIZE = RenderSizeBudgetError
TIME = RenderTimeBudgetError
EITHER = BudgetExceededError
ATTACKS: dict[str, tuple[str, type[EngineError]]] = {
    "replace chain": ("{{ 'a' | replace: 'a', s | replace: 'a', s | replace: 'a', s | size }}", SIZE),
    "replace nothing": ("{{ s | replace: '', s | size }}", SIZE),
    "append chain": ("{% assign x = s %}" + "{% assign x = x | append: x %}" * 40, SIZE),
    "prepend chain": ("{% assign x = s %}" + "{% assign x = x | prepend: x %}" * 40, SIZE),
    "join": ("{{ list | join: s | size }}", SIZE),
    "concat chain": ("{% assign x = list %}" + "{% assign x = x | concat: x %}" * 40, SIZE),
    "sort in a loop": (
        "{% for i in (1..1000) %}{% assign z = big | split: '' | sort | join: '' | size %}{% endfor %}",
        SIZE,
    ),
    "small sort in a loop": (
        "{% for i in (1..1000) %}{% assign z = mid | split: '' | sort | join: '' | size %}{% endfor %}",
        TIME,
    ),
    "uniq": ("{{ list | uniq | size }}", SIZE),
    "map with a list": ("{{ list | map: list | size }}", EngineError),
    "contains in a range": ("{% if (1..20000000000) contains 'a' %}{% endif %}", SIZE),
    "sum of a range": ("{{ (1..20000000000) | sum }}", SIZE),
    "end of a range": ("{% for i in (1..20000000000) offset: 19999999990 %}{% endfor %}", SIZE),
    "join of a range": ("{{ (1..20000000) | join }}", SIZE),
    "range from filters": (
        "{% assign n = 99999 | times: 99999 %}{% for i in (1..n) reversed %}{% endfor %}",
        SIZE,
    ),
    "reversed range": ("{% for i in (1..20000000000) reversed limit: 1 %}{% endfor %}", SIZE),
    "range with far ends": ("{{ (-99999999999..99999999999) | size }}", SIZE),
    "numbers that double": ("{% assign x = 99999 %}" + "{% assign x = x | times: x %}" * 40, SIZE),
    "case that repeats": (
        "{% case 1 %}{% when 1,1,1,1,1,1,1,1 %}" * 29 + "{% endcase %}" * 29,
        TIME,
    ),
    "case that writes": ("{% case 1 %}{% when 1,1,1,1,1,1,1,1 %}a" * 20 + "{% endcase %}" * 20, EITHER),
    "nested loops": (
        "{% for i in (1..1000) %}{% for j in (1..1000) %}{% for k in (1..1000) %}" + "{% endfor %}" * 3,
        SIZE,
    ),
    "loops side by side": (
        "{% for i in (1..30) %}"
        + "{% for j in (1..33) %}{% assign a = j %}{% endfor %}" * 90
        + "{% endfor %}",
        TIME,
    ),
    "empty loops": (
        "{% for i in (1..30) %}" + "{% for j in (1..33) %}{% endfor %}" * 200 + "{% endfor %}",
        TIME,
    ),
    "loops too deep": ("{% for i in (1..2) %}" * 12 + "{% endfor %}" * 12, SIZE),
    "capture that grows": (
        "{% for i in (1..1000) %}{% capture x %}{{ x }}{{ mid }}{% endcapture %}{% endfor %}",
        SIZE,
    ),
    "many names": ("".join(f"{{% assign a{n} = big | append: {n} %}}" for n in range(90)), SIZE),
    "output": ("{% for i in (1..1000) %}{{ s }}{% endfor %}", SIZE),
    "nested output": ("{% for i in (1..30) %}{% for j in (1..30) %}{{ s }}{% endfor %}{% endfor %}", SIZE),
    "percent signs": (
        "{% assign x = odd %}" + "{% assign x = x | url_encode %}" * 9,
        SIZE,
    ),
    "base64 chain": ("{% assign x = big %}" + "{% assign x = x | base64_encode %}" * 30, SIZE),
    "flatten in a loop": ("{% for i in (1..1000) %}{% assign x = deep | join | size %}{% endfor %}", TIME),
    "strftime width": ("{{ now | date: '%20000000Y' }}", EngineError),
    "braces": ("{{" * 4_000, TemplateSyntaxError),
    "blanks in a tag": ("{% if" + " " * 7_900 + "%}", TemplateSyntaxError),
    "letters in a tag": ("{%" + "a" * 7_900, TemplateSyntaxError),
    "blanks in outputs": ("{{" + " " * 490 + "}}", TemplateSyntaxError),
    "parentheses": (("{{ " + "(" * 490 + " }}") * 16, TemplateSyntaxError),
    "quotes": (("{{ " + "\"'" * 240 + " }}") * 16, TemplateSyntaxError),
    "dots": (("{{ " + "(1." * 160 + " }}") * 16, TemplateSyntaxError),
    "blocks": ("{% if s %}" * 400 + "{% endif %}" * 400, TemplateSyntaxError),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_attack_is_refused_in_time(render: Render, name: str) -> None:
    source, expected = ATTACKS[name]
    begin = thread_time()
    with pytest.raises(expected):
        render(source[:8_000], **VALUES)
    assert thread_time() - begin < 1.0


@pytest.mark.parametrize("name", ATTACKS)
def test_attack_gets_little_memory(render: Render, name: str) -> None:
    source, expected = ATTACKS[name]
    tracemalloc.start()
    try:
        with pytest.raises(expected):
            render(source[:8_000], **VALUES)
        assert tracemalloc.get_traced_memory()[1] < 8 * MEGABYTE
    finally:
        tracemalloc.stop()


def test_worst_single_filter_call_stays_short(render: Render) -> None:
    """The deadline is checked between filters, so one call alone must not take long."""
    for source in (
        "{{ deep | join: ' ' | size }}",
        "{{ list | sort_natural | size }}",
        "{{ big | url_encode | size }}",
    ):
        begin = thread_time()
        with suppress(RenderSizeBudgetError):
            render(source, **VALUES)
        assert thread_time() - begin < 0.2
