import pytest

from socialcube.engine.errors import RenderSizeBudgetError, RenderTimeBudgetError, TemplateFailedError
from socialcube.engine.template import Template
from tests.unit.engine.template.conftest import Render


class Ticking:
    """A clock that goes on by a tenth of a second whenever somebody looks."""

    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        self.seconds += 0.1
        return self.seconds


@pytest.mark.parametrize(
    "source",
    [
        pytest.param("{% for i in (1..9) %}{% endfor %}", id="loop"),
        pytest.param("{% case 1 %}{% when 1, 1, 1 %}{% endcase %}", id="case"),
        pytest.param("a{{ 'b' | upcase }}", id="filter"),
        pytest.param("{{ a | size }}{{ b | size }}{{ c | size }}", id="nodes"),
    ],
)
def test_deadline_is_checked_inside(source: str) -> None:
    template = Template.compile(source, 2_000)
    with pytest.raises(RenderTimeBudgetError) as caught:
        template.render({}, seconds=0.15, monotonic=Ticking())
    assert caught.value.line == 1


def test_unknown_named_arguments_are_refused(render: Render) -> None:
    for name in ("environment", "context", "meter"):
        with pytest.raises(TemplateFailedError, match="no such named argument"):
            render("{{ 'a' | append: 'b', " + name + ": 'c' }}")


def test_filters_take_no_list_as_argument(render: Render) -> None:
    with pytest.raises(TemplateFailedError, match="not a list"):
        render("{{ all | map: all }}", all=["a"])


def test_lists_can_be_joined_and_be_a_fallback(render: Render) -> None:
    assert render("{{ all | concat: all }}{{ nope | default: all }}", all=["a"]).text == "aaa"


@pytest.mark.parametrize("source", ["{{ big | size }}", "{{ 'a' | append: big }}", "{{ big }}"])
def test_large_values_from_outside_are_refused(render: Render, source: str) -> None:
    with pytest.raises(RenderSizeBudgetError):
        render(source, big="x" * 20_001)


def test_large_results_are_refused(render: Render) -> None:
    with pytest.raises(RenderSizeBudgetError):
        render("{{ text | url_encode | size }}", text="😀" * 5_000)


@pytest.mark.parametrize(
    "source", ["{{ a.size }} {{ a.first }} {{ a.last }} {{ a[1] }} {{ a[-1] }}", "{{ a | join }}"]
)
def test_lists_are_read_as_usual(render: Render, source: str) -> None:
    assert render(source, a=["x", "y"]).text in {"2 x y y y", "x y"}


def test_path_may_come_from_a_value(render: Render) -> None:
    assert render("{{ settings[key] }}", settings={"a": "b"}, key="a").text == "b"
