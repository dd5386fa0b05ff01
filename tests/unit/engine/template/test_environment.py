import pytest

from socialcube.engine.errors import TemplateSyntaxError
from socialcube.engine.template import Template
from socialcube.engine.template.environment import ENVIRONMENT, FILTERS
from tests.unit.engine.template.conftest import Render


@pytest.mark.parametrize(
    "source",
    [
        "{% include 'a' %}",
        "{% render 'a' %}",
        "{% extends 'a' %}",
        "{% cycle 'a', 'b' %}",
        "{% tablerow i in (1..3) %}{% endtablerow %}",
        "{% liquid assign x = 1 %}",
        "{% increment x %}",
        "{% ifchanged %}{% endifchanged %}",
        "{% doc %}{% enddoc %}",
        "{% echo 'a' %}",
    ],
)
def test_tags_that_are_not_listed_do_not_exist(source: str) -> None:
    with pytest.raises(TemplateSyntaxError, match="unexpected tag"):
        Template.compile(source, 2_000)


@pytest.mark.parametrize("name", ["safe", "escape", "strip_html", "newline_to_br", "json", "nope"])
def test_filters_that_are_not_listed_do_not_exist(name: str) -> None:
    with pytest.raises(TemplateSyntaxError, match=f"no filter called `{name}`"):
        Template.compile("{{ 'a' | " + name + " }}", 2_000)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        ("{% assign x = 'a' %}{% capture y %}{{ x }}b{% endcapture %}{{ y | upcase }}", "AB"),
        (
            "{% for i in (1..9) %}{% if i == 2 %}{% continue %}{% endif %}{{ i }}{% endfor %}",
            "13456789",
        ),
        ("{% case x %}{% when 'a', 'b' %}1{% else %}2{% endcase %}", "2"),
        ("{% for i in (1..9) %}{{ i }}{% if i > 2 %}{% break %}{% endif %}{% endfor %}", "123"),
        ("{% unless x %}a{% endunless %}", "a"),
        ("{% raw %}{{ x }}{% endraw %}", "{{ x }}"),
        ("{{ 'b,a,c' | split: ',' | sort | join: ' ' }}", "a b c"),
        ("{{ false | default: 'x', allow_false: true }}", "false"),
        ("{{ '3' | plus: 4 | times: 2 }}", "14"),
    ],
)
def test_listed_tags_and_filters_work(render: Render, source: str, text: str) -> None:
    assert render(source).text == text


def test_every_limit_of_the_library_is_set() -> None:
    assert ENVIRONMENT.block_nesting_limit == 30
    assert ENVIRONMENT.context_depth_limit == 10
    assert ENVIRONMENT.loop_iteration_limit == 1_000
    assert ENVIRONMENT.local_namespace_limit == 200_000
    assert ENVIRONMENT.output_stream_limit == 16_384
    assert set(ENVIRONMENT.filters) == set(FILTERS)
